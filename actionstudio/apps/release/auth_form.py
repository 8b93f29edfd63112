"""The form for the kind of sign-in."""

import dataclasses

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.library.forms import ProblemsMixin
from actionstudio.apps.release import sound
from actionstudio.core.auth import ApiKey, Auth, Declared, NoAuth, OAuth, ServiceHttp, UserHttp
from actionstudio.core.problem import Problem, Refused

KINDS = [
    ("none", lazy("None")),
    ("bearer", lazy("API key: Bearer")),
    ("basic", lazy("API key: Basic")),
    ("header", lazy("API key: custom header")),
    ("oauth", lazy("OAuth")),
    ("user", lazy("A key for each person")),
    ("service", lazy("Service-level token")),
    ("declared", lazy("As the document declares")),
]
SENT = [("bearer", "Bearer"), ("basic", "Basic")]
PROVIDERS = [
    ("ours", lazy("Here, on the project's own address")),
    ("own", lazy("At a server of your own")),
]
EXCHANGES = [
    ("default_post", lazy("Default (POST request)")),
    ("basic_auth_header", lazy("Basic authorization header")),
]
CONTENT_TYPES = [(kind, kind) for kind in sound.CONTENT_TYPES]
_AT = {"/header": "header", "/authorization_url": "authorization_url", "/token_url": "token_url"}


def _sent() -> forms.ChoiceField:
    return forms.ChoiceField(label=lazy("How the token is sent"), required=False, choices=SENT)


def _tokens() -> forms.CharField:
    return forms.CharField(
        label=lazy("Verification tokens"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2, "class": "mono", "placeholder": "openai: 0f3c…"}),
        help_text=lazy("One a line, as “service: token”; they stand in the manifest for everyone to read."),
    )


def _address(example: str, label: str) -> forms.CharField:
    attrs = {"class": "mono", "placeholder": example, "autocomplete": "off", "spellcheck": "false", "inputmode": "url"}
    return forms.CharField(label=label, required=False, max_length=sound.URL_LONGEST, widget=forms.TextInput(attrs))


class AuthForm(ProblemsMixin, forms.Form):
    """The kind of sign-in and what belongs to it."""

    kind = forms.ChoiceField(choices=KINDS, widget=forms.RadioSelect)
    header = forms.CharField(
        label=lazy("Header name"), required=False, max_length=100, widget=forms.TextInput(attrs={"class": "mono"})
    )
    authorization_type = _sent()
    verification_tokens = _tokens()
    user_type = _sent()
    user_tokens = _tokens()
    provider = forms.ChoiceField(
        label=lazy("Where people sign in"), required=False, choices=PROVIDERS, widget=forms.RadioSelect
    )
    authorization_url = _address("https://login.example.com/authorize", lazy("Authorization URL"))
    token_url = _address("https://login.example.com/token", lazy("Token URL"))
    token_exchange = forms.ChoiceField(
        label=lazy("Token Exchange Method"),
        required=False,
        choices=EXCHANGES,
        help_text=lazy("How ChatGPT proves that it is your client: in the body, or in a header."),
    )
    content_type = forms.ChoiceField(
        label=lazy("Content type of the token request"),
        required=False,
        choices=CONTENT_TYPES,
        help_text=lazy("Of plugin clients, as the manifest tells them. ChatGPT's actions send a form."),
    )
    oauth_tokens = _tokens()
    fallback = None

    @classmethod
    def of(cls, auth: Auth, data=None, offered: OAuth | None = None) -> "AuthForm":
        """The form that shows ``auth``. ``offered`` is the OAuth that the imported document describes, if it does."""
        initial = {"kind": kind_of(auth), "header": "X-Api-Key", "authorization_type": "bearer", "user_type": "bearer"}
        if isinstance(auth, ApiKey):
            initial["header"] = auth.header
        if isinstance(auth, ServiceHttp):
            initial |= {
                "authorization_type": auth.authorization_type,
                "verification_tokens": _lines(auth.verification_tokens),
            }
        if isinstance(auth, UserHttp):
            initial |= {"user_type": auth.authorization_type, "user_tokens": _lines(auth.verification_tokens)}
        return cls(data, initial=initial | _oauth_initial(auth, offered))

    def clean(self):
        if self.cleaned_data.get("kind") == "header":
            self.cleaned_data["header"] = self.cleaned_data.get("header", "").strip() or "X-Api-Key"
        if self.cleaned_data.get("kind") == "oauth" and self.cleaned_data.get("provider") == "own":
            for name in ("authorization_url", "token_url"):
                if not self.cleaned_data.get(name, "").strip() and not self.has_error(name):
                    self.add_error(name, _("Write the address of your server, or let people sign in here."))

    def clean_verification_tokens(self) -> dict[str, str]:
        return _parsed(self.cleaned_data["verification_tokens"])

    def clean_user_tokens(self) -> dict[str, str]:
        return _parsed(self.cleaned_data["user_tokens"])

    def clean_oauth_tokens(self) -> dict[str, str]:
        return _parsed(self.cleaned_data["oauth_tokens"])

    def value(self, before: Auth, offered: OAuth | None = None) -> Auth:
        """The chosen kind. A scheme keeps the name it has in the document, OAuth its scopes."""
        chosen = self.cleaned_data
        known = {"scheme_name": before.scheme_name} if isinstance(before, ApiKey | ServiceHttp | UserHttp) else {}
        if chosen["kind"] == "oauth":
            return self._oauth(before if isinstance(before, OAuth) else offered or OAuth())
        if chosen["kind"] == "user":
            return UserHttp(chosen["user_type"] or "bearer", chosen["user_tokens"], **known)
        if chosen["kind"] == "service":
            return ServiceHttp(chosen["authorization_type"] or "bearer", chosen["verification_tokens"], **known)
        if chosen["kind"] in ("bearer", "basic", "header"):
            header = chosen["header"] if chosen["kind"] == "header" else ApiKey().header
            return ApiKey(chosen["kind"], header, **known)
        return Declared() if chosen["kind"] == "declared" else NoAuth()

    def _oauth(self, before: OAuth) -> OAuth:
        chosen = self.cleaned_data
        own = chosen["provider"] == "own"
        return dataclasses.replace(
            before,
            authorization_url=chosen["authorization_url"].strip() if own else "",
            token_url=chosen["token_url"].strip() if own else "",
            token_exchange=chosen["token_exchange"] or "default_post",
            content_type=chosen["content_type"] or sound.CONTENT_TYPES[0],
            verification_tokens=chosen["oauth_tokens"],
        )

    def add_problems(self, refused: Refused) -> None:
        """Scopes have a form of their own: what is wrong with those that came along is said of the whole form."""
        places = [Problem(_AT.get(one.pointer, ""), one.message, one.code) for one in refused.problems]
        super().add_problems(Refused(*places))


def _oauth_initial(auth: Auth, offered: OAuth | None) -> dict[str, object]:
    shown = auth if isinstance(auth, OAuth) else offered or OAuth()
    return {
        "provider": "ours" if not isinstance(auth, OAuth) or auth.ours else "own",
        "authorization_url": shown.authorization_url,
        "token_url": shown.token_url,
        "token_exchange": shown.token_exchange,
        "content_type": shown.content_type,
        "oauth_tokens": _lines(shown.verification_tokens),
    }


def _lines(tokens) -> str:
    return "\n".join(f"{service}: {token}" for service, token in tokens.items())


def _parsed(text: str) -> dict[str, str]:
    tokens = {}
    for number, line in enumerate(text.splitlines(), 1):
        service, colon, token = line.partition(":")
        if not line.strip():
            continue
        if not (colon and service.strip() and token.strip()):
            raise forms.ValidationError(_("Line %(n)s: write “service: token”.") % {"n": number})
        tokens[service.strip()] = token.strip()
    return tokens


def kind_of(auth: Auth) -> str:
    """The form's name for a kind of sign-in."""
    if isinstance(auth, ApiKey):
        return auth.scheme
    return _NAMES[type(auth)]


_NAMES = {NoAuth: "none", Declared: "declared", ServiceHttp: "service", UserHttp: "user", OAuth: "oauth"}
