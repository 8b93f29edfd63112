"""The emulator's form: which client to play, at which provider, and what to call with the token."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.design import newest
from actionstudio.apps.library.forms import ProblemsMixin
from actionstudio.apps.oauth import registering
from actionstudio.apps.oauth.models import Client, Provider
from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing.source import base_urls
from actionstudio.apps.signin import emulating
from actionstudio.apps.signin.asking import named
from actionstudio.apps.signin.profiles import PROFILES, plugin
from actionstudio.apps.signin.profiles.profile import BASIC, FORM, JSON, NONE, POST
from actionstudio.apps.signin.runs import SAFE, Run, Setup
from actionstudio.core.auth import OAuth
from actionstudio.core.contract import Contract, Operation
from actionstudio.core.resolve import scopes_of

OURS, OTHER = "ours", "other"
STUDIO, PASTE = "studio", "paste"
NEW = "new"
MOST = 100  # clients and operations offered
_MONO = {"class": "mono", "spellcheck": "false", "autocomplete": "off", "autocapitalize": "off"}
_METHODS = [
    (POST, lazy("Default (POST request)")),
    (BASIC, lazy("Basic authorization header")),
    (NONE, lazy("None: a public client")),
]


def _text(label, help_text="", placeholder="", **more) -> forms.CharField:
    widget = forms.TextInput(attrs={**_MONO, "placeholder": placeholder})
    return forms.CharField(label=label, help_text=help_text, required=False, max_length=2000, widget=widget, **more)


class EmulatorForm(ProblemsMixin, forms.Form):
    """One run of the emulator. ``setup()`` is what it says, once it is valid."""

    profile = forms.ChoiceField(
        label=lazy("Play the part of"), choices=lambda: [(key, one.title) for key, one in PROFILES.items()]
    )
    where = forms.ChoiceField(
        label=lazy("Sign in at"),
        choices=[(OURS, ""), (OTHER, "")],
        widget=forms.RadioSelect(attrs={"class": "chk radio"}),
    )
    base = forms.ChoiceField(label=lazy("Under the address"), required=False)
    client = forms.ChoiceField(label=lazy("As the client"), required=False)
    authorization_url = _text(lazy("Authorization URL"), placeholder="https://id.example.com/oauth/authorize")
    token_url = _text(lazy("Token URL"), placeholder="https://id.example.com/oauth/token")
    server_url = _text(
        lazy("URL of the MCP server"),
        lazy("An MCP client needs this alone: it finds the provider from here."),
        "https://mcp.example.com/mcp",
    )
    client_id = _text(lazy("Client ID"), lazy("An MCP client may go without: it registers itself."))
    client_secret = forms.CharField(
        label=lazy("Client secret"),
        required=False,
        max_length=2000,
        strip=False,
        help_text=lazy("A test client needs none here. Kept encrypted for an hour, for this run alone."),
        widget=forms.PasswordInput(attrs={**_MONO, "autocomplete": "new-password"}),
    )
    method = forms.ChoiceField(label=lazy("Token exchange method"), choices=_METHODS)
    content_type = forms.ChoiceField(
        label="authorization_content_type",
        choices=[(JSON, JSON), (FORM, FORM)],
        required=False,
        help_text=lazy("How a plugin sends its token request, as its manifest says; the others send what they send."),
    )
    scope = _text(lazy("Scope"), lazy("Names with blanks between them."))
    other_scope = _text(lazy("Scope"), lazy("Names with blanks between them, as that provider knows them."))
    revocation_url = _text(
        lazy("Revocation URL"), lazy("To take the tokens back afterwards."), "https://id.example.com/oauth/revoke"
    )
    back = forms.ChoiceField(
        label=lazy("The way back"),
        choices=[
            (STUDIO, lazy("To this studio: its callback must be registered at the provider")),
            (PASTE, lazy("I paste the URL: for providers that allow another callback only")),
        ],
    )
    redirect_uri = _text(
        lazy("The callback to send"),
        lazy("Only for pasting: the one that is registered, such as ChatGPT's."),
        "https://chatgpt.com/aip/g-…/oauth/callback",
    )
    operation = forms.ChoiceField(
        label=lazy("Then call"),
        required=False,
        help_text=lazy("GET and HEAD once more after the refresh; what changes something is called once alone."),
    )
    anyway = forms.BooleanField(label=lazy("Call it: I know what it changes there"), required=False)
    call_url = _text(
        lazy("Or this URL"),
        lazy("Called by GET with the token, instead of the endpoint."),
        "https://api.example.com/me",
    )
    fallback = None
    asks = False  # whether it has to be said that the call may change something

    @classmethod
    def of(cls, project: Project, data=None, client_id: str = "", run: Run | None = None) -> EmulatorForm:
        """The form for a project, filled in from its own provider or from the one that its contract names, with a test
        client set like that of ``client_id``; or as it was for ``run``, without its secret."""
        contract = newest.contract(project)
        form = cls(data, initial=_initial(contract))
        form.project, form.contract = project, contract
        form.ours = isinstance(contract.auth, OAuth) and contract.auth.ours
        form._choices(contract)
        like = next((one for one in form.clients.values() if one.client_id == client_id), None)
        if like is not None:
            form.initial |= {"client": f"like:{like.pk}"}
            form.initial |= {"profile": like.preset} if like.preset in PROFILES else {}
        if run is not None:
            form.initial |= _of_run(run, form.urls)
        return form

    def _choices(self, contract: Contract) -> None:
        address = self.project.addresses.first()
        self.urls = base_urls(address.name, address.domain) if address else ()
        self.ours = self.ours and bool(self.urls)
        self.fields["where"].choices = [
            *([(OURS, _("This project's own provider"))] if self.ours else []),
            (OTHER, _("Another provider")),
        ]
        if not self.ours:
            self.initial["where"] = OTHER
        self.fields["base"].choices = [(url, url) for url in self.urls]
        own = self.project.clients.filter(enabled=True, lapses=None).exclude(registering.SIMULATED)
        clients = list(own[:MOST]) if self.ours else []
        self.clients = {one.pk: one for one in clients}
        self.fields["client"].choices = [
            (NEW, _("A test client, made for this run alone")),
            *((f"like:{one.pk}", _("A test client set like “%(name)s”") % {"name": one}) for one in clients),
            *((f"is:{one.pk}", _("“%(name)s” itself: its secret, and paste") % {"name": one}) for one in clients),
        ]
        callable = self.ours or (isinstance(contract.auth, OAuth) and not contract.auth.ours)
        names = [f"{one.method} {one.path}" for one in contract.operations[:MOST]] if callable else []
        self.open = {f"{one.method} {one.path}" for one in contract.operations if one.security == ()}
        self.fields["operation"].choices = [("", _("Nothing")), *((name, name) for name in names)]

    def clean(self):
        said = self.cleaned_data
        for name in ("authorization_url", "token_url", "server_url", "revocation_url", "redirect_uri", "call_url"):
            if said.get(name) and not _is_url(said[name]):
                self.add_error(name, _("Write a whole URL, beginning with https:// or http://."))
        discovers = said.get("profile") in PROFILES and PROFILES[said["profile"]].discovers
        if said.get("where") == OTHER:
            if self.ours:
                said["operation"] = ""  # it stands beside the project's own provider, and is not meant here
            self._clean_other(discovers)
        elif discovers and not said.get("operation"):
            self.add_error("operation", _("An MCP client starts from a call: choose an endpoint."))
        elif discovers and not said.get("call_url") and said["operation"] in self.open:
            words = _("This endpoint needs no sign-in, so an MCP client is never sent to the provider. Choose another.")
            self.add_error("operation", words)
        self._clean_call()
        client = self._client()
        itself = said.get("where") == OURS and said.get("client", "").startswith("is:")
        if itself and client and client.token_method != Client.Method.NONE and not said.get("client_secret"):
            self.add_error("client_secret", _("Type the secret of this client; the studio does not keep it."))
        if said.get("where") == OTHER and said.get("back") == PASTE and not said.get("redirect_uri"):
            self.add_error("redirect_uri", _("Write the callback that is registered at the provider."))
        if itself and client and not (said.get("redirect_uri") or client.uris):
            self.add_error("redirect_uri", _("This client has no callback yet: write the one to send."))

    def _clean_call(self) -> None:
        """What changes something behind this project, at a real API, is called only when one says so."""
        said = self.cleaned_data
        operation = "" if said.get("call_url") else said.get("operation", "")
        real = said.get("where") == OTHER or bool(self.contract.upstreams)
        self.asks = bool(operation) and operation.partition(" ")[0] not in SAFE and real
        if self.asks and not said.get("anyway"):
            words = _("This may change something at a real API. Choose a GET, or tick the box below.")
            self.add_error("operation", words)

    def _clean_other(self, discovers: bool) -> None:
        said = self.cleaned_data
        needed = [] if discovers else ["authorization_url", "token_url", "client_id"]
        for name in needed:
            if not said.get(name) and name not in self.errors:
                self.add_error(name, _("This is needed for another provider."))
        typed = [said[name] for name in ("authorization_url", "token_url") if said.get(name)]
        if said.get("operation") and typed and not named(self.contract, *typed):
            words = _("A token of another provider is not sent to this project's address. Write a URL below instead.")
            self.add_error("operation", words)
        if discovers and not (said.get("server_url") or said.get("operation") or said.get("call_url")):
            self.add_error("server_url", _("An MCP client starts here; or choose an endpoint to call."))
        if not discovers and said.get("method") in (POST, BASIC) and not said.get("client_secret"):
            self.add_error("client_secret", _("Type the secret, or choose a public client as the method."))

    def say_again(self) -> None:
        """What was typed as a secret is never sent back."""
        if self.errors and self.data.get("client_secret") and "client_secret" not in self.errors:
            self.add_error("client_secret", _("Type it again: a secret is never sent back to the page."))

    def play(self, client_id: str) -> None:
        """Fills it in to sign in as that client itself, at the callback that it has."""
        client = next((one for one in self.clients.values() if one.client_id == client_id), None)
        if client is None:
            return
        profile = {"profile": client.preset} if client.preset in PROFILES else {}
        back = {"back": PASTE, "redirect_uri": client.uris[0] if client.uris else ""}
        self.initial |= {"client": f"is:{client.pk}", **profile, **back}

    def setup(self) -> tuple[Setup, str]:
        """What the run is told, and the secret. Makes the test client where one is wanted. Raises Refused."""
        return self._ours() if self.cleaned_data["where"] == OURS else self._other()

    def _other(self) -> tuple[Setup, str]:
        said = self.cleaned_data
        paste = said["back"] == PASTE
        names = ("profile", "client_id", "method", "revocation_url", "operation", "call_url", "server_url")
        setup = Setup(
            **{name: said[name].strip() for name in names},
            scope=said["other_scope"].strip(),
            authorization_url=said["authorization_url"].strip(),
            token_url=said["token_url"].strip(),
            redirect_uri=said["redirect_uri"].strip() if paste else emulating.callback_url(),
            paste=paste,
            content_type=self._content_type(),
        )
        return setup, said["client_secret"]

    def _ours(self) -> tuple[Setup, str]:
        said = self.cleaned_data
        base = said["base"] or self.urls[0]
        client, secret = self._client(), said["client_secret"]
        itself = said["client"].startswith("is:")
        told = {name: said[name].strip() for name in ("profile", "scope", "operation", "call_url", "method")}
        setup = Setup(
            **told,
            authorization_url=f"{base}/oauth/authorize",
            token_url=f"{base}/oauth/token",
            revocation_url=f"{base}/oauth/revoke",
            redirect_uri=emulating.callback_url(),
            issuer=base,
            content_type=self._content_type(),
        )
        if itself and client is not None:
            where = said["redirect_uri"].strip() or client.uris[0]
            return _with(setup, client, paste=True, redirect_uri=where), secret
        if PROFILES[said["profile"]].discovers and client is None and Provider.of(self.project).registration:
            return setup, ""
        made, secret = emulating.made_client(self.project, setup, client)
        return _with(setup, made, made=True, like=client.pk if client else None), secret

    def _content_type(self) -> str:
        """What was chosen for a plugin; "" for those that have no choice."""
        return self.cleaned_data["content_type"] if self.cleaned_data["profile"] == plugin.PROFILE.key else ""

    def _client(self) -> Client | None:
        """The client that was chosen: to be played, or to be set like."""
        _kind, _colon, pk = self.cleaned_data.get("client", "").partition(":")
        return self.clients.get(int(pk)) if pk.isdigit() else None


def _with(setup: Setup, client: Client, **more) -> Setup:
    methods = {Client.Method.BASIC: BASIC, Client.Method.NONE: NONE, Client.Method.POST: POST}
    method = methods.get(client.token_method, setup.method)
    return replace(setup, client_id=client.client_id, client=client.pk, method=method, **more)


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text.strip())
        return (
            parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0 and "@" not in parts.netloc
        )
    except ValueError:
        return False


def _first(contract: Contract) -> Operation | None:
    """What is called unless another is chosen: of what the token may call, and of what asks for one, a plain GET."""
    auth = contract.auth
    known = {scope.name for scope in auth.scopes} if isinstance(auth, OAuth) else set()

    def far(one: Operation) -> tuple[bool, ...]:
        beyond = isinstance(auth, OAuth) and not known.issuperset(scopes_of(one, auth))
        return beyond, one.security == (), one.method not in SAFE, "{" in one.path

    return min(contract.operations, key=far, default=None)


def _initial(contract: Contract) -> dict:
    auth = contract.auth
    first = _first(contract)
    made = {
        "profile": "gpt",
        "where": OURS,
        "client": NEW,
        "method": POST,
        "back": STUDIO,
        "operation": f"{first.method} {first.path}" if first else "",
    }
    if isinstance(auth, OAuth):
        made |= {
            "where": OURS if auth.ours else OTHER,
            "authorization_url": auth.authorization_url,
            "token_url": auth.token_url,
            "method": BASIC if auth.token_exchange == "basic_auth_header" else POST,
            ("scope" if auth.ours else "other_scope"): " ".join(scope.name for scope in auth.scopes),
            "content_type": auth.content_type,
        }
    return made


def _of_run(run: Run, urls: tuple[str, ...]) -> dict:
    """What was typed for a run. What it found out by itself, it finds again."""
    setup = run.setup
    made = {name: getattr(setup, name) for name in ("profile", "method", "call_url", "operation", "server_url")}
    made |= {"redirect_uri": setup.redirect_uri if setup.paste else "", "back": PASTE if setup.paste else STUDIO}
    made |= {"content_type": setup.content_type} if setup.content_type else {}
    if setup.issuer in urls and not setup.server_url:
        chosen = f"like:{setup.like}" if setup.like else NEW
        itself = setup.client and not setup.made
        made |= {"where": OURS, "base": setup.issuer, "scope": setup.scope}
        return made | {"client": f"is:{setup.client}" if itself else chosen}
    registered = any(leg["kind"] == "register" for leg in run.row.legs)
    found = ("authorization_url", "token_url", "revocation_url") if not run.profile.discovers else ()
    made |= {name: getattr(setup, name) for name in found}
    return made | {"where": OTHER, "other_scope": setup.scope, "client_id": "" if registered else setup.client_id}
