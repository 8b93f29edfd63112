"""What a document says about security -> how callers of the project prove who they are.

One API key or bearer/basic scheme for everything becomes a key of ours; anything else stays what the document declares.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from actionstudio.core.auth import ApiKey, Auth, Declared, NoAuth
from actionstudio.core.contract import Operation

type JSON = Any
type Requirements = tuple[Mapping[str, JSON], ...]


def auth_of(schemes: JSON, security: Requirements | None, operations: Iterable[Operation]) -> Auth:
    """The auth of a document with these schemes, this ``security`` and these operations."""
    asked = [security or () if op.security is None else op.security for op in operations]
    opened = [op.security == () for op in operations]
    if not any(asked):
        return Declared() if security else NoAuth()
    everywhere = all(requirements or free for requirements, free in zip(asked, opened, strict=True))
    kinds = {_only_name(requirements) for requirements in asked if requirements}
    if security:
        kinds.add(_only_name(security))
    name = kinds.pop()
    if kinds or not name or not everywhere:
        return Declared()
    return _key(name, schemes.get(name) if isinstance(schemes, dict) else None) or Declared()


def _only_name(requirements: Requirements) -> str:
    """The one scheme that is asked for, "" when it is a choice or a combination."""
    if len(requirements) != 1 or len(requirements[0]) != 1:
        return ""
    return next(iter(requirements[0]))


def _key(name: str, scheme: JSON) -> ApiKey | None:
    if not isinstance(scheme, dict):
        return None
    if scheme.get("type") == "apiKey" and scheme.get("in") == "header" and _is_token(scheme.get("name")):
        return ApiKey("header", scheme["name"], name)
    kind = scheme.get("scheme")
    if scheme.get("type") == "http" and isinstance(kind, str) and kind.lower() in ("bearer", "basic"):
        return ApiKey(kind.lower(), scheme_name=name)
    return None


def _is_token(name: JSON) -> bool:
    """Whether it can be the name of a header (RFC 9110, section 5.1)."""
    return (
        isinstance(name, str)
        and bool(name)
        and all(c.isascii() and (c.isalnum() or c in "!#$%&'*+-.^_`|~") for c in name)
    )
