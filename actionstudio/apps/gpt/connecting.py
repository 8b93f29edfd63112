"""The six checks of Connect to GPT: what has to hold before ChatGPT can use a project, each with its cure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actionstudio.apps.gpt import calls, probing
from actionstudio.apps.oauth import entering, needing
from actionstudio.apps.oauth.models import Client
from actionstudio.apps.projects.models import Job, Project
from actionstudio.apps.release import pasting, reach
from actionstudio.apps.traffic.models import Exchange
from actionstudio.core import limits
from actionstudio.core.auth import ApiKey, Auth, Declared, NoAuth, OAuth, UserHttp
from actionstudio.core.contract import Contract
from actionstudio.core.importer.imported import Import
from actionstudio.core.importer.profile import profile
from actionstudio.core.importer.simulate import simulate_document
from actionstudio.core.importer.verdict import verdict
from actionstudio.core.resolve import Resolver
from actionstudio.core.specs import openapi


@dataclass(frozen=True, slots=True)
class Check:
    """One line: ``kind`` is o (fine), w (look at it) or e (wrong). ``cure`` may be empty; it is done at ``url``."""

    kind: str
    title: str
    cure: str = ""
    url: str = ""
    action: str = ""


def _again(auth: Auth) -> str:
    if isinstance(auth, OAuth):
        return _("Enter the values below again, and sign in anew: a token must come with each call.")
    return _("Enter the values below again; ChatGPT shows an empty key field each time.")


def _expired(auth: Auth) -> str:
    return _("The token had expired. ChatGPT fetches a new one if it got a refresh token; else people sign in again.")


def _scope(auth: Auth) -> str:
    return _("The token lacks a scope that the operation asks for. Put it into the dialog's Scope, and sign in again.")


_REFUSED = {"missing": _again, "wrong": _again, "revoked": _again, "expired": _expired, "scope": _scope}


class Connection:
    """One project on its way into a GPT: everything that the page shows is asked for once."""

    def __init__(self, project: Project, contract: Contract) -> None:
        self.project = project
        self.contract = contract

    @cached_property
    def reaches(self) -> list[reach.Reach]:
        """The project's URLs, usable ones first."""
        return reach.of(self.project)

    @cached_property
    def url(self) -> str:
        """The URL to give to ChatGPT."""
        return self.reaches[0].url if self.reaches else ""

    @property
    def flaw(self) -> str:
        """Why ChatGPT can use none of them, "" when it can use one."""
        return self.reaches[0].flaw if self.reaches else "local"

    @cached_property
    def document(self) -> dict:
        """The document as it is served at ``url``."""
        return openapi.render(self.contract, profile="gpt", servers=(self.url,) if self.url else ())

    @cached_property
    def imported(self) -> Import:
        """What ChatGPT makes of it; whether the address is one it can reach is a check of its own."""
        return simulate_document(self.document, root=self.url)

    @cached_property
    def call(self) -> Exchange | None:
        return calls.newest_call(self.project)

    @cached_property
    def probe(self) -> Job | None:
        return probing.newest(self.project)

    @cached_property
    def client(self) -> Client | None:
        """The client that the GPT signs in by, where people sign in on the project's address."""
        auth = self.contract.auth
        return entering.usual(self.project) if isinstance(auth, OAuth) and auth.ours else None

    @cached_property
    def place(self) -> entering.Place | None:
        """What to enter for that client at the project's best address."""
        if self.client is None or not isinstance(self.contract.auth, OAuth):
            return None
        return next(iter(entering.places(self.client, self.contract.auth, self.project)), None)

    @cached_property
    def keys(self) -> int:
        """How many issued keys are good."""
        return self.project.keys.filter(revoked=None).count()

    def checks(self) -> list[Check]:
        return [
            self._imports(),
            self._operations(),
            self._authentication(),
            self._privacy(),
            self._address(),
            self._called(),
        ]

    def _imports(self) -> Check:
        there, action = self._page("gpt:import"), _("See the messages")
        messages = self.imported.messages
        if self.imported.fatal:
            first = next((one for one in messages if one.level == "fatal"), messages[0])
            return Check("e", _("ChatGPT refuses the document"), first.text, there, action)
        if messages:
            title = ngettext(
                "ChatGPT imports it with %(n)s message", "ChatGPT imports it with %(n)s messages", len(messages)
            )
            return Check("w", title % {"n": len(messages)}, messages[0].text, there, action)
        return Check("o", _("ChatGPT imports the document without a message"))

    def _operations(self) -> Check:
        shown, kept = len(self.imported.operations), len(self.imported.kept)
        there, action = self._page("gpt:choose"), _("Choose endpoints")
        if not self.contract.operations:
            new = self._page("design:endpoint-new")
            return Check(
                "e", _("There is no endpoint yet"), _("ChatGPT needs at least one."), new, _("Add an endpoint")
            )
        if shown > limits.OPERATIONS:
            title = _("%(n)s endpoints, ChatGPT takes %(most)s") % {"n": shown, "most": limits.OPERATIONS}
            return Check("e", title, _("Hide the others from GPT."), there, action)
        if not kept:
            return Check("e", _("No endpoint arrives in ChatGPT"), _("All are hidden or dropped."), there, action)
        title = ngettext("%(n)s of %(most)s operations", "%(n)s of %(most)s operations", kept)
        title %= {"n": kept, "most": limits.OPERATIONS}
        if kept < shown:
            lost = ngettext("%(n)s more is dropped.", "%(n)s more are dropped.", shown - kept) % {"n": shown - kept}
            return Check("w", title, lost, there, action)
        return Check("o", title)

    def _authentication(self) -> Check:
        there, action = self._page("release:auth"), _("Authentication")
        auth = self.contract.auth
        if self.call is not None and (words := _REFUSED.get(self.call.auth)):
            return Check("e", _("ChatGPT's last call came without a valid credential"), words(auth), there, action)
        if isinstance(auth, NoAuth):
            return Check("o", _("No sign-in is needed"))
        if isinstance(auth, OAuth | UserHttp):
            return self._signing_in(auth)
        denied = verdict(self.imported).denied
        if denied:
            title = ngettext(
                "Every call of %(n)s operation will be refused with 401",
                "Every call of %(n)s operations will be refused with 401",
                denied,
            )
            cure = _("ChatGPT sends one credential, in a header; the document asks for more or for another place.")
            return Check("e", title % {"n": denied}, cure, self._page("gpt:repair"), _("Let one credential do"))
        made = profile(self.contract).contract
        resolver = Resolver(made)
        if isinstance(auth, Declared) and not any(resolver.security(op) for op in made.operations):
            return Check("o", _("No sign-in is needed"), _("The document asks for none."))
        if isinstance(auth, Declared) and not pasting.dialog(self.contract).takes_key:
            if self.project.keys.exists():
                cure = _("Once a key was issued, only issued keys are good here: tokens of that server get 401.")
                return Check("w", _("The document declares OAuth, and keys are issued"), cure, there, action)
            return Check("o", _("Sign-in by OAuth"), _("Here any token is taken. The values stand below."))
        if not self.keys:
            cure = _("Until one is, any well-formed key is taken. Issue one and paste it into ChatGPT.")
            return Check("w", _("No key is issued"), cure, there, _("Issue a key"))
        if isinstance(auth, ApiKey) and auth.scheme == "basic":
            cure = _("ChatGPT sends the text as typed, not base64-encoded.")
            return Check("o", _("Sign-in by key, kind Basic"), cure)
        return Check("o", _("Sign-in by key"))

    def _signing_in(self, auth: OAuth | UserHttp) -> Check:
        """Whether people can sign in: at a server of one's own nobody here can tell."""
        if isinstance(auth, OAuth) and not auth.ours:
            return Check(
                "o", _("Sign-in by OAuth at your server"), _("Here any token is taken. The values stand below.")
            )
        lacking = needing.need(self.project, self.contract) or needing.secret(self.project, self.contract)
        if lacking is not None:
            return Check("e", lacking.title, lacking.words, lacking.url, _("Do it"))
        if isinstance(auth, UserHttp):
            cure = _("ChatGPT has one key for the whole GPT: whoever's it is, all calls are theirs.")
            return Check("w", _("Sign-in by a key for each person"), cure, self._page("oauth:users"), _("Keys"))
        client = self.client
        if client is not None and client.lacks_callback:
            cure = _("ChatGPT shows its Callback URL after the first save: paste it into the client.")
            there = reverse("oauth:client", args=[self.project.slug, client.client_id])
            return Check("w", _("The client has no Callback URL yet"), cure, there, _("Paste it"))
        return Check("o", _("Sign-in by OAuth"), "", self._page("signin:handshake"), _("Try it"))

    def _privacy(self) -> Check:
        if self.contract.privacy.strip():
            return Check("o", _("The privacy policy is written"))
        cure = _("A start is served. A GPT that others can use needs one that is true: read it and make it yours.")
        there = reverse("library:settings", args=[self.project.slug, "privacy"])
        return Check("w", _("The privacy policy is the generated one"), cure, there, _("Write it"))

    def _address(self) -> Check:
        if self.flaw:
            return Check(
                "e",
                _("ChatGPT cannot reach this address"),
                _("The reason and ways out stand below."),
                "#address",
                _("Ways out"),
            )
        if self.call is not None and self.call.status < 500:
            return Check("o", _("ChatGPT reached the address"))
        probe = self.probe
        if probe is None or probe.input.get("address") != self.url or "code" not in probe.result:
            return Check(
                "w", _("The address was not tried yet"), _("Try it as ChatGPT would."), "#address", _("Try it")
            )
        words = probing.RESULTS[probe.result["code"]]
        if words.kind == "o":
            return Check("o", _("The address answers"))
        return Check(words.kind, str(words.title), str(words.cure), "#address", _("Details"))

    def _called(self) -> Check:
        call = self.call
        if call is None:
            return Check("w", _("ChatGPT has not called yet"), _("The light turns green when it does."))
        there = reverse("traffic:exchange", args=[self.project.slug, call.public_id])
        if call.status >= 400:
            title = _("ChatGPT's last call was answered %(status)s") % {"status": call.status}
            return Check("w", title, "", there, _("Open the request"))
        return Check("o", _("ChatGPT calls"), "", there, _("Open the request"))

    def _page(self, name: str) -> str:
        return reverse(name, args=[self.project.slug])
