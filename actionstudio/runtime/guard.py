"""Who may call: the credential of a call against what the project asks for. Nothing is kept of the credential itself.

One compiled guard per operation. A scheme for which no key has ever been issued accepts any well-formed credential.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, urlencode

from actionstudio.core.auth import ApiKey, Declared, NoAuth, OAuth, ServiceHttp, UserHttp
from actionstudio.core.call import Call
from actionstudio.core.contract import Operation
from actionstudio.core.importer.credential import Accepted
from actionstudio.core.resolve import Resolver, scopes_of
from actionstudio.runtime import bearer, straying
from actionstudio.runtime.bearer import Issued
from actionstudio.runtime.ports import Key, Token
from actionstudio.runtime.verdict import ASSUMED, FREE, OPEN, Verdict
from actionstudio.runtime.visit import ANY_KEY, Visit

_WORDS = {"basic": "Basic", "bearer": "Bearer", "digest": "Digest"}
_SCHEMES = frozenset({*_WORDS, "token", "apikey", "hoba", "mutual", "negotiate", "ntlm", "oauth", "dpop", "gnap"})
_SCHEME = re.compile(r"[^!#$%&'*+.^_`|~0-9A-Za-z-]")  # what no scheme's name holds (RFC 9110, section 11.1)
_TOKEN68 = re.compile(r"[A-Za-z0-9\-._~+/]+=*\Z")


type Guard = Callable[[Visit], Verdict]
type Check = Callable[[Visit], Verdict]


class Keyring:
    """The keys issued for a project, found by the hash of their text."""

    def __init__(self, keys: Sequence[Key], revoked: Sequence[Key] = ()) -> None:
        self._good = {key.digest: Verdict("ok", f"key “{key.name}”", key.id) for key in keys}
        self._gone = {key.digest: key for key in revoked}
        self._by_id = {key.id: verdict for key, verdict in zip(keys, self._good.values(), strict=True)}
        self._gone_ids = {key.id: key for key in revoked}
        self.issued = bool(keys or revoked)

    def good(self, text: str) -> Verdict | None:
        """The verdict on a credential that is in force; the way most calls take."""
        return self._good.get(sha256(text.encode("latin-1", "replace")).digest())

    def judge(self, texts: Sequence[str], challenge: str) -> Verdict:
        """The verdict on a well-formed credential, given in each way it may have been meant."""
        if not self.issued:
            return Verdict("ok", "accepted: no key has been issued yet, so any well-formed credential will do")
        for text in texts:
            found = self.good(text)
            if found is not None:
                return found
        for text in texts:
            gone = self._gone.get(sha256(text.encode("latin-1", "replace")).digest())
            if gone is not None:
                return Verdict("revoked", f"the key “{gone.name}” was revoked", gone.id, challenge)
        return Verdict("wrong", "this credential was never issued, or has a typing error", None, challenge)

    def assumed(self, key_id: int | Token, challenge: str) -> Verdict:
        """The verdict on a call that counts as carrying an issued key, or a token (any will do here)."""
        if key_id == ANY_KEY or isinstance(key_id, Token):
            return ASSUMED
        if key_id in self._gone_ids:
            return Verdict("revoked", f"the key “{self._gone_ids[key_id].name}” was revoked", key_id, challenge)
        return self._by_id.get(key_id) or Verdict("wrong", "there is no such key", None, challenge)


def compile_guard(
    resolver: Resolver,
    operation: Operation,
    keyring: Keyring,
    issued: Issued,
    accepted: Mapping[str, Any] | None = None,
) -> Guard:
    """The guard of one operation. ``issued`` are the tokens of people who sign in. ``accepted`` is a scheme whose
    credential does as well: the one that ChatGPT sends where it cannot send what the document asks for
    (core/importer/repairs/one_credential.py)."""
    guard = GUARDS[type(resolver.contract.auth)](resolver, operation, keyring, issued)
    if accepted is None:
        return guard
    return _alternatives([[guard], [_check(accepted, "", keyring, resolver.contract.title)]])


def _none(resolver: Resolver, operation: Operation, keyring: Keyring, issued: Issued) -> Guard:
    return lambda visit: FREE


def _by_requirements(resolver: Resolver, operation: Operation, keyring: Keyring, issued: Issued) -> Guard:
    """Any one of the requirements has to be met, each in all its schemes (OpenAPI 3.1.0, section 4.8.30)."""
    schemes, realm = resolver.schemes(), resolver.contract.title
    ways = [
        [_check(schemes.get(name) or {}, name, keyring, realm) for name in requirement]
        for requirement in resolver.security(operation)
    ]
    if not ways:
        return lambda visit: OPEN
    if ways == [[]]:
        return lambda visit: OPEN
    if len(ways) == 1 and len(ways[0]) == 1:
        return ways[0][0]
    return _alternatives(ways)


def _by_token(resolver: Resolver, operation: Operation, keyring: Keyring, issued: Issued) -> Guard:
    """Each person signs in: their token with the scopes of the operation (OpenAPI 3.1.0, section 4.8.30), or a key of
    their own. Tokens of the builder's own provider can only be judged by their form."""
    auth, realm = resolver.contract.auth, _quoted(resolver.contract.title)
    if operation.security == ():
        return lambda visit: OPEN
    if isinstance(auth, UserHttp):
        word = _WORDS.get(auth.authorization_type) or "Bearer"
        return bearer.Check(issued, realm, word, _READERS[word.lower()])
    if isinstance(auth, OAuth) and auth.ours:
        return bearer.Check(issued, realm, "Bearer", _bearer, scopes_of(operation, auth), "access")
    return _by_requirements(resolver, operation, keyring, issued)


def _alternatives(ways: list[list[Check]]) -> Guard:
    optional = any(not way for way in ways)
    real = [way for way in ways if way]

    def guard(visit: Visit) -> Verdict:
        worst: list[Verdict] = []
        for way in real:
            verdicts = [check(visit) for check in way]
            failed = [verdict for verdict in verdicts if verdict.outcome != "ok"]
            if not failed:
                return next((verdict for verdict in verdicts if verdict.key_id is not None), verdicts[0])
            worst.append(min(failed, key=lambda verdict: verdict.rank))
        if optional and all(verdict.outcome == "missing" for verdict in worst):
            return OPEN
        best = min(worst, key=lambda verdict: verdict.rank)
        challenges = ", ".join(dict.fromkeys(verdict.challenge for verdict in worst if verdict.challenge))
        sentences = "; or: ".join(dict.fromkeys(verdict.sentence for verdict in worst))
        return Verdict(best.outcome, sentences, best.key_id, challenges)

    return guard


GUARDS: dict[type, Callable[[Resolver, Operation, Keyring, Issued], Guard]] = {
    NoAuth: _none,
    Declared: _by_requirements,
    ApiKey: _by_requirements,
    ServiceHttp: _by_requirements,
    UserHttp: _by_token,
    OAuth: _by_token,
}


def _check(scheme: Mapping[str, Any], name: str, keyring: Keyring, realm: str) -> Check:
    """The check of one security scheme (OpenAPI 3.1.0, section 4.8.27)."""
    quoted = _quoted(realm)
    kind = scheme.get("type")
    if kind == "apiKey":
        return _api_key(str(scheme.get("in", "header")), str(scheme.get("name", name)), keyring, quoted)
    if kind == "http":
        word = str(scheme.get("scheme", "bearer"))
        return _authorization(_WORDS.get(word.lower()) or _SCHEME.sub("", word) or "Bearer", keyring, quoted)
    if kind in ("oauth2", "openIdConnect"):
        return _authorization("Bearer", keyring, quoted)
    if kind == "mutualTLS":
        return lambda visit: Verdict("ok", "client certificates are not checked here")
    return lambda visit: Verdict("ok", f"the scheme “{name}” is not declared, so nothing is asked for")


def _quoted(text: str) -> str:
    plain = "".join(c for c in text if " " <= c <= "~" and c not in '"\\')
    return plain.strip()[:80] or "api"


def _authorization(word: str, keyring: Keyring, realm: str) -> Check:
    """A credential in the Authorization header under the scheme ``word`` (RFC 9110, section 11.6.2)."""
    challenge = f'{word} realm="{realm}"'
    if word == "Digest":
        challenge += ', qop="auth", algorithm=SHA-256, nonce="00000000000000000000000000000000"'
    invalid = challenge + ', error="invalid_token"' if word == "Bearer" else challenge
    wanted = f"Authorization: {word} …"
    missing = Verdict("missing", f"no credential was sent; wanted {wanted}", None, challenge)
    start, lower = f"{word} ", word.lower()
    cut = len(start)
    read = _READERS.get(lower, _anything)

    def check(visit: Visit) -> Verdict:
        if visit.assume is not None:
            return keyring.assumed(visit.assume, invalid)
        value = visit.headers.get("authorization")
        if not value:
            return straying.explained(missing, visit, wanted)
        if value.startswith(start):
            found = keyring.good(value[cut:])
            if found is not None:
                return found
        sent, _, rest = value.partition(" ")
        if sent.lower() != lower:
            return Verdict("wrong", f"sent {scheme_sent(value)}, wanted {word}", None, challenge)
        texts, fault = read(rest.strip())
        if fault and not (keyring.issued and fault is UNPAIRED) and not any(keyring.good(text) for text in texts):
            return Verdict("wrong", fault, None, invalid)
        if word == "Digest":
            return Verdict("ok", "Digest accepted as well-formed; its hash is not checked")
        return keyring.judge(texts, invalid)

    return check


def scheme_sent(value: str) -> str:
    """The scheme of an Authorization header. A lone word may be the secret itself: it is never told."""
    sent, _, rest = value.partition(" ")
    return sent if sent.lower() in _SCHEMES and rest else "a value without a known scheme"


def _twice(word: str, rest: str) -> str:
    """What to say of a credential that was pasted with its scheme: ChatGPT adds the word itself. "" of any other."""
    again = rest[: len(word) + 1].lower() == f"{word.lower()} "
    return f"the word {word} stands twice; send the secret alone behind the first" if again else ""


def _bearer(rest: str) -> tuple[list[str], str]:
    if rest and _TOKEN68.match(rest):
        return [rest], ""
    return [rest], _twice("Bearer", rest) or "the Bearer credential is not a token"


UNPAIRED = "the Basic credential is not base64 of user:password (RFC 7617); an issued key would be taken as typed"


def _basic(rest: str) -> tuple[list[str], str]:
    """As typed (ChatGPT sends the text as it is), and decoded: as ``user:password``, or a key with one side empty.

    Well-formed is what RFC 7617 says, base64 of user:password; only an issued key may be otherwise.
    """
    texts = [rest]
    try:
        text = base64.b64decode(rest, validate=True).decode("latin-1")
    except ValueError:
        return texts, _twice("Basic", rest) or (UNPAIRED if rest else "the Basic credential is empty")
    if ":" in text:
        user, _, password = text.partition(":")
        texts += [text] + ([user] if user and not password else []) + ([password] if password and not user else [])
    elif text:
        return [rest, text], UNPAIRED
    return texts, ""


def _digest(rest: str) -> tuple[list[str], str]:
    told = {part.partition("=")[0].strip().lower() for part in rest.split(",")}
    lacking = sorted({"username", "realm", "nonce", "uri", "response"} - told)
    return [], f"the Digest credential lacks {', '.join(lacking)}" if lacking else ""


def _anything(rest: str) -> tuple[list[str], str]:
    return [rest], "" if rest else "the credential is empty"


_READERS: dict[str, Callable[[str], tuple[list[str], str]]] = {"bearer": _bearer, "basic": _basic, "digest": _digest}


def _api_key(place: str, name: str, keyring: Keyring, realm: str) -> Check:
    challenge = f'ApiKey realm="{realm}", in="{_quoted(place)}", name="{_quoted(name)}"'
    wanted = f"the {place} {name}"
    missing = Verdict("missing", f"no credential was sent; wanted {wanted}", None, challenge)
    find = {"query": _in_query, "cookie": _in_cookie}.get(place, _in_header)
    key = name if place in ("query", "cookie") else name.lower()

    def check(visit: Visit) -> Verdict:
        if visit.assume is not None:
            return keyring.assumed(visit.assume, challenge)
        text = find(visit, key)
        if not text:
            if visit.headers.get("authorization") and key != "authorization":
                shown = scheme_sent(visit.headers["authorization"])
                return Verdict("wrong", f"sent Authorization: {shown}, wanted {wanted}", None, challenge)
            return straying.explained(missing, visit, wanted)
        texts = [text, text[7:]] if key == "authorization" and text[:7].lower() == "bearer " else [text]
        return keyring.judge(texts, challenge)

    return check


def _in_header(visit: Visit, name: str) -> str:
    return visit.headers.get(name, "").strip()


def _in_query(visit: Visit, name: str) -> str:
    return next((value for key, value in parse_qsl(visit.call.query) if key == name), "")


def _in_cookie(visit: Visit, name: str) -> str:
    return cookies(visit.headers.get("cookie", "")).get(name, "")


def credentials(resolver: Resolver) -> Callable[[Visit], str]:
    """Finds the text of whatever credentials a call carries, "" for none: to tell callers apart, not to judge them."""
    keys = [one for one in resolver.schemes().values() if one.get("type") == "apiKey"]
    finds = {"query": _in_query, "cookie": _in_cookie}
    places = [(finds.get(str(one.get("in")), _in_header), str(one.get("in")), str(one.get("name", ""))) for one in keys]
    asked = [(find, name if place in finds else name.lower()) for find, place, name in places]

    def find(visit: Visit) -> str:
        texts = [visit.headers.get("authorization", ""), *(look(visit, name) for look, name in asked)]
        return "\n".join(dict.fromkeys(filter(None, texts)))

    return find


def put_back(call: Call, accepted: Accepted) -> Call | None:
    """The call with a key where the document asks for it, the query or a cookie; None when it came in no header."""
    place, name = accepted.asked.get("in"), str(accepted.asked.get("name", ""))
    header = str(accepted.sent.get("name", "")).lower()
    key = call.header(header)
    if place not in ("query", "cookie") or not key:
        return None
    headers = tuple(pair for pair in call.headers if pair[0] != header)
    if place == "cookie":
        sent = [value for other, value in headers if other == "cookie"]
        rest = tuple(pair for pair in headers if pair[0] != "cookie")
        return replace(call, headers=(*rest, ("cookie", "; ".join([*sent, f"{name}={key}"]))))
    return replace(call, query="&".join([*filter(None, [call.query]), urlencode({name: key})]), headers=headers)


def cookies(header: str) -> dict[str, str]:
    """The cookies of a request by name (RFC 6265, section 5.4)."""
    found: dict[str, str] = {}
    for pair in header.split(";"):
        key, equals, value = pair.strip().partition("=")
        if equals:
            found.setdefault(key, value.strip('"'))
    return found
