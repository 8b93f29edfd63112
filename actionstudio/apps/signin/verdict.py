"""Verdicts on answers of a provider, as the client that got them would feel them: plain functions of what was heard."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from actionstudio.apps.signin.profiles import Profile
from actionstudio.apps.signin.wire import Heard

SLOW = 10_000  # milliseconds after which an answer is called slow
_PKCE = ("code_challenge", "code challenge", "pkce", "code_verifier", "code verifier")


@dataclass(frozen=True, slots=True)
class Verdict:
    """``outcome`` as in legs.py; ``code`` is a key of words.WORDS, "" when nothing is wrong. ``facts`` may hold
    ``also`` (further codes), ``error`` and ``said`` (the provider's own words), and what the check compared: whole,
    since the leg that keeps them masks them before it cuts."""

    outcome: str = "ok"
    code: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def failed(self) -> bool:
        return self.outcome == "failed"


def failed(code: str, **facts: Any) -> Verdict:
    return Verdict("failed", code, facts)


def odd(codes: list[str], **facts: Any) -> Verdict:
    """It works, but these are worth a look; ok when there is none."""
    if not codes:
        return Verdict(facts=facts)
    return Verdict("odd", codes[0], facts | ({"also": codes[1:]} if codes[1:] else {}))


def unheard(heard: Heard) -> Verdict | None:
    """The verdict when no usable answer came at all, for any leg."""
    if heard.refused:
        known = ("gone", "private", "never", "name", "time", "tls", "connect", "cut", "protocol", "large")
        return failed(heard.refused if heard.refused in known else "cut", said=heard.detail)
    return None


def of_token(heard: Heard, profile: Profile, refreshing: bool = False) -> Verdict:
    """The answer of a token endpoint (RFC 6749, sections 5.1 and 5.2)."""
    if verdict := unheard(heard):
        return verdict
    if 300 <= heard.status < 400:
        return failed("redirected", location=heard.header("location"))
    value = heard.json
    if value is None:
        if heard.page:
            return failed("page")
        return failed("server_error" if heard.status >= 500 else "not_json", kind=heard.kind)
    if heard.status >= 400 or "error" in value:
        return _error(heard, value, refreshing)
    return _token(heard, value, profile, refreshing)


def _error(heard: Heard, value: dict, refreshing: bool) -> Verdict:
    error, said = said_of(value)
    facts = {"error": error, "said": said, "status": heard.status}
    text = f"{error} {said}".lower()
    if any(word in text for word in _PKCE):
        return failed("pkce_demanded", **facts)
    if error == "invalid_client" or heard.status == 401:
        return failed("client_refused", **facts)
    if "redirect" in text:
        return failed("redirect_refused", **facts)
    if error == "invalid_grant":
        return failed("refresh_refused" if refreshing else "code_refused", **facts)
    known = {
        "unsupported_grant_type": "grant_unsupported",
        "unauthorized_client": "grant_forbidden",
        "invalid_scope": "scope_refused",
        "invalid_target": "resource_refused",
    }
    if error in known:
        return failed(known[error], **facts)
    return failed("server_error" if heard.status >= 500 else "token_refused", **facts)


def _token(heard: Heard, value: dict, profile: Profile, refreshing: bool) -> Verdict:
    if not isinstance(value.get("access_token"), str) or not value["access_token"]:
        return failed("no_access_token", members=sorted(str(name) for name in value)[:20])
    codes = []
    kind, expires = value.get("token_type"), value.get("expires_in")
    if "token_type" in profile.wants and kind is None:
        codes.append("no_token_type")
    elif kind is not None and str(kind).lower() != "bearer":
        codes.append("other_token_type")
    if expires is None and "expires_in" in profile.wants:
        codes.append("no_expires")
    elif expires is not None and (isinstance(expires, bool) or not isinstance(expires, int)):
        codes.append("expires_no_number")
    if "refresh_token" in profile.wants and not value.get("refresh_token") and not refreshing:
        codes.append("no_refresh")
    if heard.kind != "application/json":
        codes.append("other_kind")
    if "no-store" not in heard.header("cache-control").lower():
        codes.append("cacheable")
    if heard.ms > SLOW:
        codes.insert(0, "slow")
    facts = {"expires_in": expires if isinstance(expires, int | str) else None, "scope": str(value.get("scope", ""))}
    return odd(codes, **{name: fact for name, fact in facts.items() if fact not in (None, "")})


def of_callback(
    got: dict[str, list[str]], state: str, issuer: str = "", promised: bool = False, insists: bool = False
) -> Verdict:
    """The parameters with which the browser came back (RFC 6749, section 4.1.2; RFC 9207 for ``iss``).

    ``issuer`` is what the metadata says, ``promised`` whether it says that ``iss`` is sent, ``insists`` whether the
    client would break off over it.
    """
    twice = sorted(name for name, values in got.items() if len(values) > 1)
    if twice:
        return failed("parameter_twice_back", names=twice[:10])
    one = {name: values[0] for name, values in got.items()}
    if "state" not in one:
        return failed("no_state")
    if one["state"] != state:
        return failed("other_state", sent_length=len(state), came_length=len(one["state"]))
    iss = one.get("iss", "")
    if insists and issuer and (iss or promised) and iss != issuer:
        return failed("other_issuer" if iss else "no_issuer", came=iss, expected=issuer)
    if "error" in one:
        return _denied(one)
    if not one.get("code"):
        return failed("no_code", members=sorted(one)[:20])
    return odd(["other_issuer"] if issuer and iss and iss != issuer else [], came=iss)


def _denied(one: dict[str, str]) -> Verdict:
    error, said = one["error"], one.get("error_description", "")
    text = f"{error} {said}".lower()
    if any(word in text for word in _PKCE):
        return failed("pkce_demanded", error=error, said=said)
    known = {
        "access_denied": "denied",
        "invalid_scope": "scope_refused",
        "unauthorized_client": "grant_forbidden",
        "unsupported_response_type": "response_type_refused",
        "invalid_target": "resource_refused",
        "server_error": "server_error",
        "temporarily_unavailable": "server_error",
    }
    return failed(known.get(error, "authorize_refused"), error=error, said=said)


def of_call(heard: Heard) -> Verdict:
    """The answer of the API to a call with the token (RFC 6750, section 3.1)."""
    if verdict := unheard(heard):
        return verdict
    challenge = heard.header("www-authenticate")
    if heard.status == 401:
        return failed("call_expired" if "expired" in challenge.lower() else "call_unknown_token", said=challenge)
    if heard.status == 403:
        return failed("call_scope" if "insufficient_scope" in challenge else "call_forbidden", said=challenge)
    if 300 <= heard.status < 400:
        return failed("call_redirected", location=heard.header("location"))
    if heard.status >= 400:
        return failed("call_failed", status=heard.status)
    codes = ["slow"] if heard.ms > SLOW else []
    return odd([*codes, *(["call_page"] if heard.page else [])])


def of_revoked(heard: Heard) -> Verdict:
    """The answer of the API to a token that was taken back: 401 is right."""
    if verdict := unheard(heard):
        return verdict
    return Verdict() if heard.status == 401 else failed("still_good", status=heard.status)


def of_challenge(heard: Heard) -> Verdict:
    """The answer of the API to a call without a token, from which a client learns where to sign in (RFC 9728, 5.1)."""
    if verdict := unheard(heard):
        return verdict
    if heard.status != 401:
        return failed("not_protected", status=heard.status)
    challenge = heard.header("www-authenticate")
    return odd([] if "resource_metadata=" in challenge else ["no_challenge"], said=challenge)


def of_revoke(heard: Heard) -> Verdict:
    """The answer of a revocation endpoint (RFC 7009, section 2.2): 200, whatever the token was."""
    if verdict := unheard(heard):
        return verdict
    if heard.status != 200:
        error, said = said_of(heard.json or {})
        return failed("revoke_refused", status=heard.status, error=error, said=said)
    return Verdict()


def said_of(value: dict) -> tuple[str, str]:
    """``error`` and ``error_description`` of an answer. Some providers nest them."""
    error = value.get("error")
    if isinstance(error, dict):
        error, value = error.get("code") or error.get("type"), error
    said = value.get("error_description") or value.get("message") or value.get("detail") or ""
    return str(error or ""), str(said)
