"""Forms for sign-in, keys and addresses."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.library.forms import ProblemsMixin
from actionstudio.apps.publishing.models import Address
from actionstudio.apps.release import credentials
from actionstudio.core.auth import ApiKey, Auth, Declared, NoAuth, ServiceHttp

KINDS = [
    ("none", lazy("None")),
    ("bearer", lazy("API key: Bearer")),
    ("basic", lazy("API key: Basic")),
    ("header", lazy("API key: custom header")),
    ("service", lazy("Service-level token")),
    ("declared", lazy("As the document declares")),
]


class AuthForm(forms.Form):
    """The kind of sign-in and what belongs to it."""

    kind = forms.ChoiceField(choices=KINDS, widget=forms.RadioSelect)
    header = forms.CharField(
        label=lazy("Header name"), required=False, max_length=100, widget=forms.TextInput(attrs={"class": "mono"})
    )
    authorization_type = forms.ChoiceField(
        label=lazy("How the token is sent"), required=False, choices=[("bearer", "Bearer"), ("basic", "Basic")]
    )
    verification_tokens = forms.CharField(
        label=lazy("Verification tokens"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2, "class": "mono", "placeholder": "openai: 0f3c…"}),
        help_text=lazy("One a line, as “service: token”; they stand in the manifest for everyone to read."),
    )

    @classmethod
    def of(cls, auth: Auth, data=None) -> "AuthForm":
        initial = {"kind": kind_of(auth), "header": "X-Api-Key", "authorization_type": "bearer"}
        if isinstance(auth, ApiKey):
            initial["header"] = auth.header
        if isinstance(auth, ServiceHttp):
            tokens = "\n".join(f"{service}: {token}" for service, token in auth.verification_tokens.items())
            initial |= {"authorization_type": auth.authorization_type, "verification_tokens": tokens}
        return cls(data, initial=initial)

    def clean(self):
        if self.cleaned_data.get("kind") == "header":
            name = self.cleaned_data.get("header", "").strip() or "X-Api-Key"
            if why := credentials.header_objection(name):
                self.add_error("header", why)
            self.cleaned_data["header"] = name

    def clean_verification_tokens(self) -> dict[str, str]:
        tokens = {}
        for number, line in enumerate(self.cleaned_data["verification_tokens"].splitlines(), 1):
            service, colon, token = line.partition(":")
            if not line.strip():
                continue
            if not (colon and service.strip() and token.strip()):
                raise forms.ValidationError(_("Line %(n)s: write “service: token”.") % {"n": number})
            tokens[service.strip()] = token.strip()
        return tokens

    def value(self, before: Auth) -> Auth:
        """The chosen kind; a scheme keeps the name it has in the document."""
        chosen = self.cleaned_data
        names = {"scheme_name": before.scheme_name} if isinstance(before, ApiKey | ServiceHttp) else {}
        if chosen["kind"] == "service":
            kind = chosen["authorization_type"] or "bearer"
            return ServiceHttp(kind, chosen["verification_tokens"], **names)
        if chosen["kind"] in ("bearer", "basic", "header"):
            header = chosen["header"] if chosen["kind"] == "header" else ApiKey().header
            return ApiKey(chosen["kind"], header, **names)
        return Declared() if chosen["kind"] == "declared" else NoAuth()


def kind_of(auth: Auth) -> str:
    """The form's name for a kind of sign-in."""
    if isinstance(auth, ApiKey):
        return auth.scheme
    return {NoAuth: "none", Declared: "declared", ServiceHttp: "service"}[type(auth)]


class KeyForm(ProblemsMixin, forms.Form):
    """A new key: random, or typed."""

    name = forms.CharField(label=lazy("Name"), max_length=80)
    text = forms.CharField(
        label=lazy("Key"),
        required=False,
        strip=False,
        max_length=500,
        widget=forms.TextInput(attrs={"class": "mono", "autocomplete": "off", "spellcheck": "false"}),
        help_text=lazy("Empty: a random one is made."),
    )
    encode = forms.BooleanField(label=lazy("Encode it as base64 first (name:password)"), required=False)
    fallback = "text"


class AddressForm(ProblemsMixin, forms.Form):
    """Which revision an address serves, and its own domain."""

    pinned = forms.TypedChoiceField(label=lazy("Serves"), required=False, coerce=int, empty_value=None)
    domain = forms.CharField(
        label=lazy("Own domain"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"placeholder": "api.example.com", "autocomplete": "off"}),
    )
    fallback = "domain"

    @classmethod
    def of(cls, address: Address, numbers: list[int], data=None) -> "AddressForm":
        pinned = address.pinned.number if address.pinned else None
        prefix = f"a{address.pk}"
        initial = {"pinned": pinned, "domain": address.domain or ""}
        form = cls(data, prefix=prefix, initial=initial)
        offered = sorted({*numbers, *([pinned] if pinned else [])}, reverse=True)
        form.fields["pinned"].choices = [("", _("the newest version"))] + [
            (number, _("version v%(n)s only") % {"n": number}) for number in offered
        ]
        return form


class NewAddressForm(ProblemsMixin, forms.Form):
    """A further address."""

    name = forms.CharField(label=lazy("Name"), max_length=100)
    fallback = "name"
