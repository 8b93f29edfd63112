"""The form of a client: its name and callbacks, and behind them what only some programs need."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.library.forms import ProblemsMixin
from actionstudio.apps.oauth import callbacks, offered, registering
from actionstudio.apps.oauth.models import Client
from actionstudio.core.auth import Auth

_MONO = {"class": "mono", "spellcheck": "false", "autocomplete": "off"}


def _boxes() -> forms.CheckboxSelectMultiple:
    return forms.CheckboxSelectMultiple(attrs={"class": "chk"})


GRANTS = [
    (registering.CODE, lazy("People sign in (authorization code)")),
    (registering.REFRESH, lazy("It stays signed in (refresh token)")),
    (registering.MACHINE, lazy("It acts for itself, without a person (client credentials)")),
]
METHODS = [
    (Client.Method.POST, lazy("In the body of the token request (client_secret_post; ChatGPT's default)")),
    (Client.Method.BASIC, lazy("In a Basic authorization header (client_secret_basic)")),
    (Client.Method.ANY, lazy("Either of the two")),
    (Client.Method.NONE, lazy("No secret: a public client (none)")),
]
PKCE = [
    (Client.Pkce.REQUIRED, lazy("Required")),
    (Client.Pkce.OPTIONAL, lazy("Optional; required once it has signed in with it (ChatGPT never does)")),
    (Client.Pkce.OFF, lazy("Not asked for; checked when it comes")),
]
CONSENT = [
    (Client.Consent.REMEMBER, lazy("Once, and again when it asks for more")),
    (Client.Consent.ALWAYS, lazy("At every sign-in")),
    (Client.Consent.SKIP, lazy("Never: only for test programs of your own")),
]


class ClientForm(ProblemsMixin, forms.Form):
    """One client. ``fields_given`` is what registering takes; wrong words stay in their field."""

    name = forms.CharField(
        label=lazy("Name"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=lazy("People read it when they are asked: Let “…” use your account?"),
    )
    gpt = forms.CharField(
        label=lazy("Callback URL of the GPT"),
        required=False,
        max_length=2000,
        help_text=lazy("Paste it as ChatGPT shows it, or only its id (g-…). Both of ChatGPT's hosts are registered."),
        widget=forms.TextInput(attrs={**_MONO, "placeholder": "https://chat.openai.com/aip/g-…/oauth/callback"}),
    )
    redirect_uris = forms.CharField(
        label=lazy("Callbacks (redirect URIs)"),
        required=False,
        max_length=20_000,
        help_text=lazy("One a line, to the letter. People are sent back there after they have signed in."),
        widget=forms.Textarea(attrs={**_MONO, "rows": 3, "placeholder": "https://example.com/oauth/callback"}),
    )
    had = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput)  # callbacks when it was shown
    grants = forms.MultipleChoiceField(
        label=lazy("What it may do (grant types)"), required=False, choices=GRANTS, widget=_boxes()
    )
    token_method = forms.ChoiceField(label=lazy("How it sends its secret (token method)"), choices=METHODS)
    scopes = forms.MultipleChoiceField(label=lazy("What it may ask for (scopes)"), required=False, widget=_boxes())
    pkce = forms.ChoiceField(label="PKCE", choices=PKCE)
    consent = forms.ChoiceField(label=lazy("People are asked"), choices=CONSENT)
    json_bodies = forms.BooleanField(label=lazy("It sends its token request as JSON, as plugins did"), required=False)
    allowed_origins = forms.CharField(
        label=lazy("Web pages that may call the token endpoint (origins)"),
        required=False,
        max_length=20_000,
        help_text=lazy("Only for programs that run in a browser. One a line, such as https://app.example.com."),
        widget=forms.Textarea(attrs={**_MONO, "rows": 2, "placeholder": "https://app.example.com"}),
    )
    fallback = None
    preset = Client.Preset.OTHER
    kept: Sequence[str] = ()  # the callbacks as they are now

    @classmethod
    def of(cls, preset: str, auth: Auth, client: Client | None = None, data=None) -> "ClientForm":
        """The form of a client, or of a new one of that kind."""
        form = cls(data, initial=_initial(preset, auth, client))
        form.preset = Client.Preset(preset)
        form.kept = client.uris if client else []
        form.fields["scopes"].choices = _scopes(auth, client)
        if not form.takes_gpt:
            del form.fields["gpt"]
        if preset == Client.Preset.LIBRECHAT:
            shown = "https://chat.example.com/api/actions/…/oauth/callback"
            form.fields["redirect_uris"].widget.attrs["placeholder"] = shown
        if preset == Client.Preset.PLUGIN:
            form.fields["gpt"].label = _("Callback URL of the plugin")
            form.fields["gpt"].help_text = _("Paste it whole, or only the plugin's id (plugin-…).")
            form.fields["gpt"].widget.attrs["placeholder"] = "https://chat.openai.com/aip/plugin-…/oauth/callback"
        return form

    @property
    def takes_gpt(self) -> bool:
        """Whether ChatGPT's callback can be pasted."""
        return self.preset in (Client.Preset.GPT, Client.Preset.PLUGIN)

    def clean_gpt(self) -> str:
        text = self.cleaned_data["gpt"].strip()
        found = callbacks.ids(text)
        if text and not found:
            raise forms.ValidationError(_why_not(text))
        return found

    def clean_redirect_uris(self) -> list[str]:
        return _lines(self.cleaned_data["redirect_uris"])

    def clean_allowed_origins(self) -> list[str]:
        return [line.rstrip("/") for line in _lines(self.cleaned_data["allowed_origins"])]

    def fields_given(self) -> dict[str, Any]:
        """The fields as ``registering.register`` and ``change`` take them."""
        given = {name: self.cleaned_data[name] for name in registering.FIELDS if name in self.cleaned_data}
        if self.kept and (unseen := set(self.kept) - set(_lines(self.cleaned_data["had"]))):
            allowed = [uri for uri in self.kept if uri in unseen]  # while the form was open: saving it keeps them
            given["redirect_uris"] = list(dict.fromkeys([*given["redirect_uris"], *allowed]))
        if "gpt" in self.cleaned_data:
            given["gpt_id"] = self.cleaned_data["gpt"]
        return given

    def point(self) -> None:
        """Puts the caret into the first field that is wrong: on a phone the form begins below the kinds of program."""
        wrong = next((name for name in self.fields if name in self.errors), None)
        if wrong:
            self.fields[wrong].widget.attrs["autofocus"] = True

    @property
    def more_errors(self) -> bool:
        """Whether something is wrong with what a new client's page keeps folded."""
        return bool(set(self.errors) - {"name", "gpt", "redirect_uris", "__all__"})


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _why_not(text: str) -> str:
    if "/g/g-" in text:
        return _("This is the address of the GPT itself. Its Callback URL stands below the saved action in the editor.")
    return _("This is no Callback URL of ChatGPT. It looks like https://chat.openai.com/aip/g-…/oauth/callback.")


def _scopes(auth: Auth, client: Client | None) -> list[tuple[str, str]]:
    known = offered.scopes(auth)
    gone = [name for name in (client.scopes if client else []) if name not in {scope.name for scope in known}]
    return [(scope.name, scope.sentence or scope.name) for scope in known] + [
        (name, _("The project no longer has it")) for name in gone
    ]


def _initial(preset: str, auth: Auth, client: Client | None) -> dict[str, Any]:
    if client is None:
        made = registering.values(preset, auth)
    else:
        made = {name: getattr(client, name) for name in registering.FIELDS}
        made |= {"redirect_uris": client.uris, "allowed_origins": client.allowed_origins.split()}
    texts = {name: "\n".join(made[name]) for name in ("redirect_uris", "allowed_origins")}
    pair = callbacks.pair(client.gpt_id) if client else []
    gpt = next((uri for uri in pair if uri in made["redirect_uris"]), "")
    return made | texts | {"had": texts["redirect_uris"], "gpt": gpt}
