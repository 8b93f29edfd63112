"""One leg of a run: sends it, judges what came, keeps it. All that a run asks of other servers goes through here."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from actionstudio.apps.design import newest
from actionstudio.apps.mocking.trying import Credential, Trial, Unserved, Wish
from actionstudio.apps.signin import legs, verdict
from actionstudio.apps.signin.profiles.profile import BASIC, FORM, JSON, POST
from actionstudio.apps.signin.runs import Run
from actionstudio.apps.signin.verdict import Verdict
from actionstudio.apps.signin.wire import Heard, Wire
from actionstudio.core.auth import OAuth
from actionstudio.core.contract import Contract
from actionstudio.core.problem import Refused

MADE_UP = "as-probe-no-such-code"


class Asking:
    """What a run can ask. Each deed adds its leg and returns its verdict (and what was heard)."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.wire = Wire(run.row.project)

    def ask(
        self,
        kind: str,
        method: str,
        url: str,
        headers: list[tuple[str, str]],
        body: bytes = b"",
        judge: Callable[[Heard], Verdict] = lambda heard: verdict.unheard(heard) or Verdict(),
        learn: Callable[[Heard], None] = lambda heard: None,
    ) -> tuple[Verdict, Heard]:
        """One request. ``learn`` takes secrets from the answer before its leg is kept: they are masked there."""
        heard = self.wire.send(method, url, headers, body)
        judged = judge(heard)
        learn(heard)
        self.run.add(
            legs.made(
                kind,
                (method, url, self._as_sent(url, headers), body),
                None if heard.refused else (heard.status, heard.headers, heard.body),
                ms=heard.ms,
                outcome=judged.outcome,
                code=judged.code,
                facts=judged.facts,
                secrets=self.run.secrets(),
            )
        )
        return judged, heard

    def token(self, names: tuple[str, ...], kind: str, method: str = "", kind_of: str = "", **values: str) -> Verdict:
        """A request to the token endpoint; ``names`` are what the profile sends there, in its order. Its verdict."""
        run = self.run
        method, content_type = method or run.setup.method, kind_of or self.content_type
        told = run.values() | values
        headers = run.profile.sent(told, method, content_type)
        body = run.profile.body(names, told, method, content_type)

        def judge(heard: Heard) -> Verdict:
            found = verdict.of_token(heard, run.profile, refreshing=kind == "refresh")
            return _probed(found) if kind == "probe" else found

        return self.ask(kind, "POST", run.setup.token_url, headers, body, judge, self._learn)[0]

    @property
    def content_type(self) -> str:
        return self.run.setup.content_type or self.run.profile.content_type

    def exchange(self) -> Verdict:
        """The code for a token. A refusal that may come from how it was sent is looked into: see ``_other_way``."""
        found = self.token(self.run.profile.token, "token", grant_type="authorization_code")
        other = self._other_way(found)
        if other is not None:
            self.run.amend("token", other.code)
        return other or found

    def refresh(self) -> Verdict:
        """A fresh token, as at expiry."""
        if not self.run.held.get("refresh"):
            request = ("POST", self.run.setup.token_url, [], b"")
            self.run.add(legs.made("refresh", request, outcome="odd", code="nothing_to_refresh"))
            return Verdict("odd", "nothing_to_refresh")
        return self.token(self.run.profile.refresh, "refresh", grant_type="refresh_token")

    def call(self, kind: str = "call") -> tuple[Verdict, Heard | None]:
        """The API with the token (kind call, or revoked when it must not be let in), or without one (challenge)."""
        made = self.called()
        if made is None:
            return Verdict(), None
        method, url, headers, body = made
        judges = {"call": verdict.of_call, "revoked": verdict.of_revoked, "challenge": verdict.of_challenge}
        if kind != "challenge":
            headers.append(("Authorization", f"Bearer {self.run.held.get('access', '')}"))
        return self.ask(kind, method, url, headers, body, judges[kind])

    def revoke(self) -> Verdict:
        """Takes the refresh token back, or the access token when there is no other (RFC 7009)."""
        run = self.run
        token = run.held.get("refresh") or run.held.get("access", "")
        told = run.values() | {"token": token}
        headers = run.profile.sent(told, run.setup.method, FORM)
        body = run.profile.body(("token", "client_id", "client_secret"), told, run.setup.method, FORM)
        found, _heard = self.ask("revoke", "POST", run.setup.revocation_url, headers, body, verdict.of_revoke)
        return found

    def _other_way(self, found: Verdict) -> Verdict | None:
        """The same request sent the other way, with a code that is made up: when only the code is refused then, that is
        what the server wants. No code and no token is spent on it."""
        run, names = self.run, self.run.profile.token
        probe = {"code": MADE_UP, "grant_type": "authorization_code"}
        if found.code == "client_refused" and run.held.get("secret"):
            other = BASIC if run.setup.method == POST else POST
            tried = self.token(names, "probe", method=other, **probe)
            return verdict.failed(f"wants_{other}", **found.facts) if tried.code == "code_refused" else None
        if found.code in ("token_refused", "grant_unsupported", "not_json", "server_error"):
            kind = JSON if self.content_type == FORM else FORM
            tried = self.token(names, "probe", kind_of=kind, **probe)
            wanted = "wants_json" if kind == JSON else "wants_form"
            return verdict.failed(wanted, **found.facts) if tried.code == "code_refused" else None
        return None

    def _learn(self, heard: Heard) -> None:
        value = heard.json or {}
        for name, member in (("access", "access_token"), ("refresh", "refresh_token")):
            if isinstance(value.get(member), str) and value[member] and heard.status < 400:
                self.run.held[name] = value[member]

    def _as_sent(self, url: str, headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
        return [("Host", urlsplit(url).netloc), *headers]

    def called(self) -> tuple[str, str, list[tuple[str, str]], bytes] | None:
        """The call to the API afterwards: method, URL, headers and body; None when there is none."""
        run = self.run
        headers = [pair for pair in run.profile.headers if pair[0] != "Accept"] + [("Accept", "application/json")]
        if run.setup.call_url:
            return "GET", run.setup.call_url, headers, b""
        if not run.setup.operation or not self._meant():
            return None
        try:
            method, _space, path = run.setup.operation.partition(" ")
            trial = Trial.of(run.row.project, method, path)
            call = trial.call(trial.filled("example"), Wish(), Credential(), broken=True)
        except (Unserved, Refused):
            return None
        headers += [pair for pair in call.headers if pair[0] == "content-type"]
        base = self.wire.base_of(run.setup.authorization_url) or trial.base
        return method, base + call.path + (f"?{call.query}" if call.query else ""), headers, call.body

    def _meant(self) -> bool:
        """Whether the project's own address may see the token: a foreign provider's tokens are for others' APIs, unless
        the contract names that provider."""
        setup = self.run.setup
        urls = [url for url in (setup.authorization_url, setup.token_url) if url]
        return all(map(self.wire.base_of, urls)) or named(newest.contract(self.run.row.project), *urls)


def named(contract: Contract, *urls: str) -> bool:
    """Whether all of these URLs are at the origins of the provider that the contract names."""
    auth = contract.auth
    if not isinstance(auth, OAuth) or auth.ours:
        return False
    known = {urlsplit(url)[:2] for url in (auth.authorization_url, auth.token_url)}
    return all(urlsplit(url)[:2] in known for url in urls)


def _probed(found: Verdict) -> Verdict:
    """A probe is meant to be refused for its code: then it has found the way."""
    return Verdict("ok" if found.code == "code_refused" else "odd", found.code, found.facts)
