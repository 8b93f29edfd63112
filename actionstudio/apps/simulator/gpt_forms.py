"""The forms of ChatGPT's editor: the GPT itself, and one of its actions with the authentication dialog."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Case, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.library.forms import ProblemsMixin
from actionstudio.apps.projects import access
from actionstudio.apps.publishing.models import Address
from actionstudio.apps.simulator import actions, dialog, keeping, places, setting
from actionstudio.apps.simulator.actions import LONGEST, Given
from actionstudio.apps.simulator.models import Action, Gpt
from actionstudio.core.problem import Problem, Refused

MOST = 100  # addresses offered
LINK, AUTO = "link", "auto"
_MONO = {"class": "mono", "spellcheck": "false", "autocomplete": "off", "autocapitalize": "off"}


class GptForm(ProblemsMixin, forms.Form):
    """The GPT as its builder sets it up. ``given()`` is what it says."""

    name = forms.CharField(label=lazy("Name"), max_length=setting.NAME)
    description = forms.CharField(
        label=lazy("Description"),
        required=False,
        max_length=setting.DESCRIPTION,
        help_text=lazy("For people: what it does, in a sentence. The model does not read it."),
    )
    instructions = forms.CharField(
        label=lazy("Instructions"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=lazy("What the model is told before each chat, 8,000 characters at most."),
    )
    starters = forms.CharField(
        label=lazy("Conversation starters"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=lazy("One a line. An empty chat offers them."),
    )
    public = forms.BooleanField(
        label=lazy("Shared with everybody"),
        required=False,
        help_text=lazy("The editor then asks for a category, and for a privacy policy of each action."),
    )
    category = forms.CharField(label=lazy("Category"), required=False, max_length=setting.CATEGORY)
    workspace = forms.BooleanField(
        label=lazy("The workspace has a list of allowed domains"),
        required=False,
        help_text=lazy("As in ChatGPT Business, Enterprise and Edu: actions at other domains do not run."),
    )
    domains = forms.CharField(
        label=lazy("Allowed domains"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, **_MONO, "placeholder": "example.com"}),
        help_text=lazy("One a line; a domain allows those below it. An empty list allows none."),
    )
    fallback = None

    @classmethod
    def of(cls, gpt: Gpt, data=None) -> GptForm:
        """The form that shows a GPT."""
        plain = ("name", "description", "instructions", "public", "category")
        initial = {name: getattr(gpt, name) for name in plain}
        initial |= {"starters": "\n".join(gpt.starters), "workspace": gpt.domains is not None}
        return cls(data, initial=initial | {"domains": "\n".join(gpt.domains or ())})

    def clean(self):
        """What else is wrong, told together with what is wrong already: one look at the form is enough."""
        said = {name: value for name, value in self.given().items() if name not in self.errors}
        self.add_problems(Refused(*setting.problems(said)))

    def given(self) -> dict[str, Any]:
        """What it says, as setting.change takes it."""
        said = self.cleaned_data
        told = {name: said[name] for name in ("name", "description", "public", "category") if name in said}
        instructions = said["instructions"].replace("\r\n", "\n")
        domains = _lines(said["domains"].lower()) if said["workspace"] else None
        return told | {"instructions": instructions, "starters": _lines(said["starters"]), "domains": domains}


class ActionForm(ProblemsMixin, forms.Form):
    """One action: where its document is, how calls are signed in, and its privacy policy. ``given()`` is what it says,
    once it is valid. Of a new action whose authentication nobody has chosen, an address' own way is meant."""

    source = forms.ChoiceField(
        label=lazy("Schema"),
        widget=forms.Select(attrs={"data-usual": "auth", "data-usual-at": "link none", "data-usual-else": "auto"}),
        help_text=lazy("Where the OpenAPI document of the action is."),
    )
    url = forms.CharField(
        label=lazy("Link of the document"),
        required=False,
        max_length=2000,
        widget=forms.TextInput(attrs={**_MONO, "placeholder": actions.DOCUMENT}),
        help_text=lazy("It is fetched once: ChatGPT keeps a copy, and so does this GPT, until you import it again."),
    )
    follows = forms.BooleanField(
        label=lazy("Follow the address"),
        required=False,
        help_text=lazy(
            "Always what the address serves now. Without it a copy stays, as in ChatGPT, until you import it again."
        ),
    )
    auth = forms.ChoiceField(
        label=lazy("Authentication"),
        choices=[
            (AUTO, lazy("As the address asks")),
            (dialog.NONE, lazy("None")),
            (dialog.KEY, lazy("API Key")),
            (dialog.OAUTH, "OAuth"),
        ],
        widget=forms.RadioSelect(attrs={"class": "chk radio"}),
    )
    authorization_type = forms.ChoiceField(
        label=lazy("Auth Type"),
        required=False,
        choices=[(dialog.BASIC, "Basic"), (dialog.BEARER, "Bearer"), (dialog.CUSTOM, "Custom")],
        help_text=lazy("As in ChatGPT, Basic is chosen beforehand, and its key is sent as typed, not encoded."),
    )
    custom_auth_header = forms.CharField(
        label=lazy("Custom Header Name"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={**_MONO, "placeholder": "X-Api-Key"}),
    )
    oauth_client_id = forms.CharField(
        label=lazy("Client ID"), required=False, max_length=LONGEST, widget=forms.TextInput(attrs=_MONO)
    )
    client_url = forms.CharField(
        label=lazy("Authorization URL"),
        required=False,
        max_length=2000,
        widget=forms.TextInput(attrs={**_MONO, "placeholder": actions.AUTHORIZE}),
    )
    authorization_url = forms.CharField(
        label=lazy("Token URL"),
        required=False,
        max_length=2000,
        widget=forms.TextInput(attrs={**_MONO, "placeholder": actions.TOKEN}),
    )
    scope = forms.CharField(
        label=lazy("Scope"),
        required=False,
        max_length=LONGEST,
        widget=forms.TextInput(attrs=_MONO),
        help_text=lazy("Names with spaces between them. ChatGPT sends an empty scope, too."),
    )
    token_exchange_method = forms.ChoiceField(
        label=lazy("Token Exchange Method"),
        required=False,
        choices=[
            (dialog.POST, lazy("Default (POST request)")),
            (dialog.HEADER, lazy("Basic authorization header")),
        ],
    )
    privacy_url = forms.CharField(
        label=lazy("Privacy policy"),
        required=False,
        max_length=2000,
        widget=forms.TextInput(attrs={**_MONO, "placeholder": actions.PRIVACY}),
    )
    fallback = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, label in (("key", lazy("API Key")), ("client_secret", lazy("Client Secret"))):
            self.fields[name] = forms.CharField(
                label=label,
                required=False,
                max_length=LONGEST,
                strip=False,
                widget=forms.PasswordInput(attrs={**_MONO, "autocomplete": "new-password"}),
            )

    @classmethod
    def of(cls, gpt: Gpt, user, data=None, action: Action | None = None) -> ActionForm:
        """The form of an action of the GPT, or of a new one."""
        form = cls(data, initial=_initial(action))
        form.gpt, form.action = gpt, action
        own = Case(When(project=gpt.project, then=0), default=1)
        rows = Address.objects.filter(project__in=access.mine(user)).select_related("project", "pinned")
        form.addresses = {str(row.pk): row for row in rows.order_by(own, "pk")[:MOST]}
        choices = [(pk, f"{row.project.name}: {places.base_of(row)}") for pk, row in form.addresses.items()]
        form.fields["source"].choices = [*choices, (LINK, _("Another document, by its link"))]
        form.fields["auth"].required = action is not None
        if action is None:
            form.initial["source"] = LINK if gpt.actions.exists() else next(iter(form.addresses), LINK)
        if form.kept:
            kept = _("One is kept, encrypted, and shown to nobody. Leave this empty to keep it.")
            form.fields["key" if form.kept == dialog.KEY else "client_secret"].help_text = kept
        return form

    @property
    def kept(self) -> str:
        """The kind of authentication whose secret is kept, "" when none is, or when it was made by itself."""
        action = self.action
        return "" if action is None or action.automatic or not keeping.secrets(action) else action.auth["type"]

    def given(self) -> Given:
        """What it says, as actions.save takes it."""
        said = self.cleaned_data
        address = self.addresses.get(said["source"])
        kind = said["auth"] or (AUTO if address else dialog.NONE)
        auth = dialog.none()
        if kind == dialog.KEY:
            auth = dialog.key(said["authorization_type"], said["custom_auth_header"].strip())
        elif kind == dialog.OAUTH:
            names = ("client_url", "authorization_url", "scope", "token_exchange_method", "oauth_client_id")
            auth = dialog.oauth(*(said[name].strip() for name in names))
        return Given(
            address=address,
            url="" if address else said["url"].strip(),
            follows=bool(address) and said["follows"],
            automatic=kind == AUTO,
            auth=auth,
            secret=said["key"] if kind == dialog.KEY else said["client_secret"] if kind == dialog.OAUTH else "",
            privacy_url=said["privacy_url"].strip(),
        )

    def add_problems(self, refused: Refused) -> None:
        """The secret's problem stands beside the field of its kind."""
        secret = "/key" if self.cleaned_data["auth"] == dialog.KEY else "/client_secret"
        at = {"/secret": secret, "/address": "/source"}
        found = (Problem(at.get(one.pointer, one.pointer), one.message, one.code) for one in refused.problems)
        super().add_problems(Refused(*found))

    def say_again(self) -> None:
        """What was typed as a secret is never sent back."""
        for name in ("key", "client_secret"):
            if self.errors and self.data.get(name) and name not in self.errors:
                self.add_error(name, _("Type it again: a secret is never sent back to the page."))


def _initial(action: Action | None) -> dict[str, Any]:
    usual = {"authorization_type": dialog.BASIC, "follows": True}
    if action is None:
        return usual
    source = LINK if action.address_id is None else str(action.address_id)
    told = {"source": source, "url": action.url, "follows": action.follows, "privacy_url": action.privacy_url}
    kind = {"auth": AUTO if action.automatic else action.auth.get("type", dialog.NONE)}
    return usual | told | action.auth | kind


def _lines(text: str) -> list[str]:
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
