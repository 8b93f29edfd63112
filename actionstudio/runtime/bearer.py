"""Who signed in: the token of an end user, or a key of their own, against what an operation asks for.

Sources: RFC 6750 (Bearer), section 3 for the challenge; RFC 9728, section 5.1 for ``resource_metadata`` in it;
RFC 8707 for tokens that were issued for a part of the address only.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlsplit

from actionstudio.runtime import straying
from actionstudio.runtime.ports import Token
from actionstudio.runtime.tokens import Wallet
from actionstudio.runtime.verdict import ASSUMED, Verdict
from actionstudio.runtime.visit import ANY_KEY, Visit

METADATA = "/.well-known/oauth-protected-resource"
_KNOWN = 2048
_OTHER = {
    "key": "this is a key of a person; this project wants the access token of somebody who signed in",
    "access": "this is an access token; this project wants a key that was issued to a person",
}
# Who may have revoked a token, as a sentence goes on from there
ENDED = {
    "person": "by the person who had allowed it",
    "builder": "by the people who run this project",
    "client": "by the client itself",
    "replay": "because a code or refresh token of that sign-in was used twice",
    "closed": "because the account was closed",
}
type Read = Callable[[str], tuple[list[str], str]]


@dataclass(frozen=True, slots=True)
class Issued:
    """What a project's provider has issued: where to look, and under which URLs the address answers."""

    wallet: Wallet
    project_id: int
    base_urls: tuple[str, ...]


class Check:
    """The check of one operation. ``word`` is Bearer or Basic, ``read`` gives the texts that a credential may stand
    for; ``scopes`` are all needed. ``kind`` is access (then the challenge names the provider) or key."""

    def __init__(
        self, issued: Issued, realm: str, word: str, read: Read, scopes: Sequence[str] = (), kind: str = "key"
    ) -> None:
        self._issued = issued
        self._kind = kind
        self._word, self._read = word, read
        self._scopes = frozenset(scopes)
        self._asked = " ".join(scopes)
        self._start = f'{word} realm="{realm}"'
        self._prefix = f"{word} "
        self._wanted = f"Authorization: {word} …"
        self._missing: dict[int, Verdict] = {}
        self._known: dict[bytes, Verdict] = {}

    def __call__(self, visit: Visit) -> Verdict:
        assumed = visit.assume
        if assumed is not None:
            return self._assumed(visit, assumed)
        value = visit.headers.get("authorization")
        if not value:
            nothing = self._missing.get(visit.base) or self._nothing(visit)
            return straying.explained(nothing, visit, self._wanted)
        prefix = self._prefix
        if value.startswith(prefix):
            text = value[len(prefix) :]
            token = self._find(text)
            if token is not None:
                return self._shown(visit, token)
        sent, _, rest = value.partition(" ")
        if sent.lower() != self._word.lower():
            shown = f"the scheme {sent[:20]}" if rest else "a value without a scheme"
            return self._no(visit, "wrong", f"sent {shown}, wanted {self._word}")
        texts, fault = self._read(rest.strip())
        for text in texts:
            token = self._find(text)
            if token is not None:
                return self._shown(visit, token)
        return self._no(visit, "wrong", fault or _guess(rest.strip(), self._kind))

    def _find(self, text: str) -> Token | None:
        digest = sha256(text.encode("latin-1", "replace")).digest()
        return self._issued.wallet.find(self._issued.project_id, digest)

    def _shown(self, visit: Visit, token: Token) -> Verdict:
        if token.kind != self._kind:
            return self._no(visit, "wrong", _OTHER[token.kind], token)
        return self._judge(visit, token)

    def _assumed(self, visit: Visit, assumed: int | Token) -> Verdict:
        if isinstance(assumed, Token):
            return self._judge(visit, assumed)
        return ASSUMED if assumed == ANY_KEY else Verdict("wrong", "there is no such key", None, self._challenge(visit))

    def _judge(self, visit: Visit, token: Token) -> Verdict:
        if token.expires and token.expires <= time.time():
            return self._no(visit, "expired", f"the token of {_whose(token)} has expired", token)
        if token.audience and not self._meant(visit, token):
            told = f"the token was issued for {', '.join(token.audience)[:200]}, which is not what was called"
            return self._no(visit, "wrong", told, token)
        known = self._known.get(token.digest)
        if known is not None and known.token is token:
            return known
        verdict = self._judged(visit, token)
        if verdict.outcome == "ok":
            if len(self._known) >= _KNOWN:
                self._known.clear()
            self._known[token.digest] = verdict
        return verdict

    def _judged(self, visit: Visit, token: Token) -> Verdict:
        if token.state == "revoked":
            how = f" {ENDED[token.ended]}" if token.ended in ENDED else ""
            return self._no(visit, "revoked", f"the access of {_whose(token)} was revoked{how}", token)
        if token.state == "disabled":
            return self._no(visit, "revoked", f"the client “{token.app}” is switched off", token)
        lacking = self._scopes - token.scopes
        if lacking:
            has = ", ".join(sorted(token.scopes)) or "none"
            told = (
                f"the token of {_whose(token)} has the scopes: {has}; missing: {', '.join(sorted(lacking))}. The "
                "client has to ask for it when people sign in"
            )
            return self._no(visit, "scope", told, token)
        scopes = f", scopes {' '.join(sorted(token.scopes))}" if token.scopes else ""
        return Verdict("ok", f"signed in: {_whose(token)}{scopes}", None, "", token)

    def _meant(self, visit: Visit, token: Token) -> bool:
        """Whether the resource that was called is one of those the token is for, or below one (RFC 8707, section 2)."""
        called = {base + visit.call.path for base in self._issued.base_urls}
        wanted = [one.rstrip("/") for one in token.audience]
        return any(url == one or url.startswith(one + "/") for url in called for one in wanted)

    def _nothing(self, visit: Visit) -> Verdict:
        told = f"no credential was sent; wanted {self._wanted}"
        verdict = self._missing[visit.base] = Verdict("missing", told, None, self._challenge(visit))
        return verdict

    def _no(self, visit: Visit, outcome: str, sentence: str, token: Token | None = None) -> Verdict:
        """RFC 6750, section 3.1: insufficient_scope is 403 and names the scopes, all else is invalid_token."""
        error = ""
        if self._word == "Bearer":
            error = "insufficient_scope" if outcome == "scope" else "invalid_token"
        return Verdict(outcome, sentence, None, self._challenge(visit, error, sentence), token)

    def _challenge(self, visit: Visit, error: str = "", why: str = "") -> str:
        parts = [self._start]
        if error:
            plain = "".join(c for c in why if " " <= c <= "~" and c not in '"\\')[:300]
            parts += [f'error="{error}"', f'error_description="{plain}"']
        if self._asked:
            parts.append(f'scope="{self._asked}"')
        if self._kind == "access" and self._issued.base_urls:
            parts.append(f'resource_metadata="{metadata_url(self._issued.base_urls[visit.base])}"')
        return ", ".join(parts)


def metadata_url(base: str, resource: str = "") -> str:
    """Where the metadata of a resource of this address is: its path goes behind the well-known one (RFC 9728, 3.1)."""
    parts = urlsplit(base + resource)
    return f"{parts.scheme}://{parts.netloc}{METADATA}{parts.path.rstrip('/')}"


def _whose(token: Token) -> str:
    who = token.who or "the client itself"
    return f"{who} through “{token.app}”" if token.app else who


def _guess(text: str, wanted: str) -> str:
    """What a credential probably is that nobody here has issued. The text itself is never told."""
    if wanted == "key":
        return "there is no such key here: send one that was issued to a person of this project"
    if text.startswith("asuk_"):
        return _OTHER["key"]
    if text.startswith("ey"):
        return "this is an ID token or another provider's; clients send the access token"
    if text.startswith("asrt_"):
        return "this is a refresh token; it is for the token endpoint alone"
    if text.startswith("ask_"):
        return "this is an API key; this project wants the token of somebody who signed in"
    if text.startswith("asat_"):
        return "this token is not known here: another project issued it, or it ended long ago"
    return "this token was not issued here"
