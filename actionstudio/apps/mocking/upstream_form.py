"""The form of an upstream: servers, how calls are shared, health, secret, headers."""

import re
from collections.abc import Container

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.design import load
from actionstudio.apps.library.forms import ProblemsMixin
from actionstudio.apps.publishing.models import Secret
from actionstudio.apps.web.telling import told
from actionstudio.core.answering import upstream_of
from actionstudio.core.behaviour import Upstream
from actionstudio.core.contract import Contract
from actionstudio.core.problem import Refused

NONE, NEW = "", "+new"
_MONO = {"class": "mono", "spellcheck": "false", "autocomplete": "off"}
BALANCES = [
    ("round-robin", lazy("In turn")),
    ("least-connections", lazy("To the least busy one")),
    ("weighted", lazy("By share: the number behind each server")),
]
PLACES = [
    ("bearer", lazy("Authorization: Bearer …")),
    ("basic", lazy("Authorization: Basic … (user:password)")),
    ("header", lazy("A header of its own")),
    ("query", lazy("A query parameter")),
]


class UpstreamForm(ProblemsMixin, forms.Form):
    """One upstream. ``value()`` is the codec's JSON; ``text`` of the secret goes in and is never shown again."""

    name = forms.CharField(
        label=lazy("Name"),
        max_length=60,
        help_text=lazy("Endpoints know it by this name: letters, digits, “-” and “_”."),
        widget=forms.TextInput(attrs={**_MONO, "placeholder": "gateway"}),
    )
    servers = forms.CharField(
        label=lazy("Servers"),
        max_length=20_000,
        help_text=lazy(
            "One base URL a line, with its path if it has one. A number behind it is its share of the calls."
        ),
        widget=forms.Textarea(attrs={**_MONO, "rows": 3, "placeholder": "https://api.example.com/v1"}),
    )
    balance = forms.ChoiceField(label=lazy("Several servers get calls"), choices=BALANCES)
    health = forms.CharField(
        label=lazy("Health path"),
        required=False,
        max_length=500,
        help_text=lazy("Asked in the background; a server that fails is left out until it is well again."),
        widget=forms.TextInput(attrs={**_MONO, "placeholder": "/health"}),
    )
    health_seconds = forms.IntegerField(
        label=lazy("Seconds a failed server is left alone"), min_value=1, max_value=3600, initial=10
    )
    secret = forms.ChoiceField(label=lazy("Secret"), required=False)
    secret_new = forms.CharField(
        label=lazy("Name of the new secret"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    text = forms.CharField(
        label=lazy("Its text"),
        required=False,
        strip=False,
        max_length=4000,
        help_text=lazy("Kept encrypted and never shown again. Leave it empty to keep the text there is."),
        widget=forms.PasswordInput(attrs={**_MONO, "autocomplete": "new-password"}),
    )
    secret_in = forms.ChoiceField(label=lazy("Sent as"), choices=PLACES)
    secret_name = forms.CharField(
        label=lazy("Name of the header or parameter"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={**_MONO, "placeholder": "X-API-Key"}),
    )
    secret_prefix = forms.CharField(
        label=lazy("Before the text"),
        required=False,
        strip=False,
        max_length=40,
        help_text=lazy("For headers, such as “token ” with a space behind it."),
        widget=forms.TextInput(attrs=_MONO),
    )
    headers = forms.CharField(
        label=lazy("Headers sent with every call"),
        required=False,
        max_length=10_000,
        help_text=lazy("One a line, as “Name: value”. No secrets: these are part of the project."),
        widget=forms.Textarea(attrs={**_MONO, "rows": 2, "placeholder": "Accept-Language: en"}),
    )
    fallback = None
    contract = Contract()

    @classmethod
    def of(cls, project, upstream: Upstream | None = None, data=None) -> "UpstreamForm":
        """The form for an upstream, or for a new one."""
        form = cls(data, initial=_initial(upstream))
        form.contract = load.contract(project)
        kept = list(Secret.objects.filter(project=project).values_list("name", flat=True))
        wanted = [upstream.secret] if upstream and upstream.secret and upstream.secret not in kept else []
        form.fields["secret"].choices = [
            (NONE, _("No secret")),
            *((name, name) for name in kept),
            *((name, _("%(name)s (to be filled in)") % {"name": name}) for name in wanted),
            (NEW, _("A new secret…")),
        ]
        if upstream is not None:
            form.fields["name"].disabled = True
        return form

    def clean_servers(self) -> list[dict]:
        """[{"url", "weight"}] of the lines."""
        backends = []
        for number, line in enumerate(self.cleaned_data["servers"].splitlines(), 1):
            words = line.split()
            if not words:
                continue
            if len(words) > 2 or (len(words) == 2 and not re.fullmatch(r"[0-9]{1,4}", words[1])):
                said = _("Line %(n)s: write a base URL, and behind it nothing or a whole number.") % {"n": number}
                raise forms.ValidationError(said)
            backends.append({"url": words[0].rstrip("/"), "weight": int(words[1]) if len(words) == 2 else 1})
        return backends

    def clean_headers(self) -> list[list[str]]:
        pairs = []
        for number, line in enumerate(self.cleaned_data["headers"].splitlines(), 1):
            name, colon, value = line.partition(":")
            if not line.strip():
                continue
            if not colon or not name.strip():
                raise forms.ValidationError(_("Line %(n)s: write “Name: value”.") % {"n": number})
            pairs.append([name.strip(), value.strip()])
        return pairs

    def clean(self):
        named = self.cleaned_data.get("secret_new", "").strip()
        if self.cleaned_data.get("secret") == NONE and named and self.cleaned_data.get("text"):
            self.cleaned_data["secret"] = NEW
        chosen = self.cleaned_data.get("secret", NONE)
        if chosen == NEW and not named:
            self.add_error("secret_new", _("Give the new secret a name, such as “gateway key”."))
        if chosen == NEW and not self.cleaned_data.get("text"):
            self.add_error("text", _("Type or paste the secret."))
        if chosen == NONE and self.cleaned_data.get("text"):
            self.add_error("secret", _("Say which secret this text is: choose “A new secret…” and name it."))
        self._judge()

    def _judge(self) -> None:
        """What else is wrong, told together with what is wrong already: one look at the form is enough."""
        try:
            upstream_of(self.value(), self.contract)
        except Refused as refused:
            self.add_problems(refused, frozenset(self.errors))

    def say_again(self) -> None:
        """What was typed as a secret is never sent back: whoever must mend the form is told to type it again."""
        if self.errors and self.data.get("text"):
            self.add_error("text", _("Type it again: a secret is never sent back to the page."))

    def value(self) -> dict:
        """The upstream as the codec writes it; what could not be read is as in a new form."""
        said = dict.fromkeys(self.fields, "") | _initial(None) | {"servers": [], "headers": []} | self.cleaned_data
        names = ("name", "balance", "health", "health_seconds", "secret_in", "secret_name", "secret_prefix", "headers")
        secret = said["secret_new"].strip() if said["secret"] == NEW else said["secret"]
        return {name: said[name] for name in names} | {"backends": said["servers"], "secret": secret}

    def add_problems(self, refused: Refused, told_already: Container[str] = ()) -> None:
        """Each beside its field: a fault of a server names its line."""
        for problem in refused.problems[:20]:
            first, _slash, rest = problem.pointer.strip("/").partition("/")
            name = {"backends": "servers", "name": "name" if "name" in self.changed_data else "secret_new"}.get(
                first, first
            )
            index = rest.partition("/")[0]
            words = told(problem.message)
            if index.isdigit() and name in ("servers", "headers"):
                words = _("Entry %(n)s: %(why)s") % {"n": int(index) + 1, "why": words}
            if name not in told_already:
                self.add_error(name if name in self.fields else None, words)


def _initial(upstream: Upstream | None) -> dict:
    if upstream is None:
        return {"balance": "round-robin", "secret_in": "bearer", "health_seconds": 10}
    names = ("name", "balance", "health", "health_seconds", "secret", "secret_in", "secret_name", "secret_prefix")
    servers = [one.url if one.weight == 1 else f"{one.url} {one.weight}" for one in upstream.backends]
    return {name: getattr(upstream, name) for name in names} | {
        "servers": "\n".join(servers),
        "headers": "\n".join(f"{name}: {value}" for name, value in upstream.headers),
    }
