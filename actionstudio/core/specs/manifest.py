"""Contract -> ai-plugin.json, the manifest of ChatGPT plugins (schema version v1, 2023)."""

from __future__ import annotations

import re
from typing import Any

from actionstudio.core import limits
from actionstudio.core.auth import ApiKey, Auth, ServiceHttp
from actionstudio.core.contract import Contract

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
        "auth": auth(contract.auth),
        "api": {"type": "openapi", "url": f"{base}/openapi.yaml", "is_user_authenticated": False},
        "logo_url": f"{base}/logo.png",
        "contact_email": contract.contact_email.strip() or NO_CONTACT,
        "legal_info_url": f"{base}/legal",
    }


def auth(value: Auth) -> dict[str, JSON]:
    """The manifest's ``auth``. It knows no custom header: a key in one is ``none`` to it."""
    if isinstance(value, ServiceHttp):
        kind = value.authorization_type
        return {
            "type": "service_http",
            "authorization_type": kind,
            "verification_tokens": dict(value.verification_tokens),
        }
    if isinstance(value, ApiKey) and value.scheme in ("bearer", "basic"):
        return {"type": "service_http", "authorization_type": value.scheme, "verification_tokens": {}}
    return {"type": "none"}


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
