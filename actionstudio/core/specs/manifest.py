"""Contract -> ai-plugin.json, the manifest of ChatGPT plugins (schema version v1, 2023)."""

from __future__ import annotations

import re
from typing import Any

from actionstudio.core import limits
from actionstudio.core.auth import ApiKey, Auth, OAuth, ServiceHttp, UserHttp
from actionstudio.core.contract import Contract
from actionstudio.core.resolve import scopes_of

type JSON = Any

# The schema demands an address, and clients of 2023 refuse a manifest without one. Where the owner gave none, this
# stands there: valid in form, and example.com (RFC 2606) takes no mail, so that nobody writes to a stranger or to a
# mailbox that an address's name happens to spell. The checks say that the contact is missing.
NO_CONTACT = "contact-not-given@example.com"
PATH = "/.well-known/ai-plugin.json"


def render(contract: Contract, *, base_url: str) -> dict[str, JSON]:
    """The manifest served under ``base_url``. Texts that were not written are made from the contract."""
    base = base_url.rstrip("/")
    texts = contract.manifest
    return {
        "schema_version": "v1",
        "name_for_human": _cut(texts.name_for_human or contract.title, limits.NAME_FOR_HUMAN),
        "name_for_model": texts.name_for_model or model_name(contract.title),
        "description_for_human": texts.description_for_human or human_text(contract),
        "description_for_model": texts.description_for_model or model_text(contract),
        "auth": auth(contract, base),
        "api": {"type": "openapi", "url": f"{base}/openapi.yaml", "is_user_authenticated": _signs_in(contract.auth)},
        "logo_url": f"{base}/logo.png",
        "contact_email": contract.contact_email.strip() or NO_CONTACT,
        "legal_info_url": f"{base}/legal",
    }


def auth(contract: Contract, base: str) -> dict[str, JSON]:
    """The manifest's ``auth``: none, service_http, user_http or oauth (OpenAI "Plugin authentication", 2023). It knows
    no custom header: a key in one is ``none`` to it."""
    value = contract.auth
    if isinstance(value, OAuth):
        return _oauth(contract, value, base)
    if isinstance(value, UserHttp):
        tokens = {"verification_tokens": dict(value.verification_tokens)} if value.verification_tokens else {}
        return {"type": "user_http", "authorization_type": value.authorization_type, **tokens}
    if isinstance(value, ServiceHttp):
        return {
            "type": "service_http",
            "authorization_type": value.authorization_type,
            "verification_tokens": dict(value.verification_tokens),
        }
    if isinstance(value, ApiKey) and value.scheme in ("bearer", "basic"):
        return {"type": "service_http", "authorization_type": value.scheme, "verification_tokens": {}}
    return {"type": "none"}


def _oauth(contract: Contract, value: OAuth, base: str) -> dict[str, JSON]:
    """``client_url`` is where people are sent to sign in, ``authorization_url`` where the code becomes a token: the
    names are the manifest's own."""
    authorize, token = value.urls(base)
    return {
        "type": "oauth",
        "client_url": authorize,
        "scope": " ".join(wanted(contract, value)),
        "authorization_url": token,
        "authorization_content_type": value.content_type,
        "verification_tokens": dict(value.verification_tokens),
    }


def wanted(contract: Contract, value: OAuth) -> list[str]:
    """The scopes that a client of all operations asks for: those that some operation needs, in the project's order;
    all there are when no operation needs one."""
    asked = {scope for op in contract.operations if op.exposed for scope in scopes_of(op, value)}
    names = [scope.name for scope in value.scopes]
    return [name for name in names if name in asked] or names


def _signs_in(value: Auth) -> bool:
    """``is_user_authenticated``: whether people sign in. OpenAI's samples of 2023 say so of OAuth alone, of a key that
    each person types they do not."""
    return isinstance(value, OAuth)


def model_name(title: str) -> str:
    """A name for the model's namespace: letters, digits and underscores."""
    words = re.findall(r"[A-Za-z0-9]+", title)
    return _cut("_".join(words).lower(), limits.NAME_FOR_MODEL, "").strip("_") or "plugin"


def human_text(contract: Contract) -> str:
    """One line for people: the beginning of the description, or the title."""
    first = contract.description.strip().split("\n", 1)[0].strip()
    return _cut(first or f"{contract.title}.", limits.DESCRIPTION_FOR_HUMAN)


def model_text(contract: Contract) -> str:
    """What the model is told: the whole description, or what the operations do."""
    if contract.description.strip():
        return _cut(contract.description.strip(), limits.DESCRIPTION_FOR_MODEL)
    deeds = [op.summary or op.description for op in contract.operations if op.exposed]
    told = "; ".join(deed.strip().rstrip(".") for deed in deeds if deed.strip())
    start = f"Plugin for {contract.title}."
    return _cut(f"{start} It can: {told}." if told else start, limits.DESCRIPTION_FOR_MODEL)


def _cut(text: str, limit: int, end: str = "…") -> str:
    return text if len(text) <= limit else text[: limit - len(end)].rstrip() + end
