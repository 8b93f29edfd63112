"""What a document says about security -> how callers of the project prove who they are.

One API key or bearer/basic scheme for everything becomes a key of ours, and OAuth with the relative addresses that our
own documents have without a server becomes our provider again. Anything else stays what the document declares; who
knows which servers are ours tells them with :func:`settled`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from actionstudio.core.auth import AUTHORIZE, ApiKey, Auth, Declared, NoAuth, OAuth, Scope
from actionstudio.core.contract import Contract, Operation

type JSON = Any
type Requirements = tuple[Mapping[str, JSON], ...]


def auth_of(schemes: JSON, security: Requirements | None, operations: Iterable[Operation]) -> Auth:
    """The auth of a document with these schemes, this ``security`` and these operations."""
    name = _the_one(security, operations)
    if not name:
        return Declared() if name is None else NoAuth()
    scheme = schemes.get(name) if isinstance(schemes, dict) else None
    found = oauth_of(name, scheme)
    if found is not None:
        relative = (found.authorization_url, found.token_url) == OAuth().urls("")
        return _here(found) if relative else Declared()
    return _key(name, scheme) or Declared()


def _the_one(security: Requirements | None, operations: Iterable[Operation]) -> str | None:
    """The scheme that everything asks for, "" when nothing asks for any; None when it is not so simple."""
    asked = [security or () if op.security is None else op.security for op in operations]
    opened = [op.security == () for op in operations]
    if not any(asked):
        return None if security else ""
    everywhere = all(requirements or free for requirements, free in zip(asked, opened, strict=True))
    kinds = {_only_name(requirements) for requirements in asked if requirements}
    if security:
        kinds.add(_only_name(security))
    name = kinds.pop()
    return None if kinds or not name or not everywhere else name


def offered(contract: Contract) -> OAuth | None:
    """The OAuth that a document declares, as a value: its scopes and its addresses. None when it declares none, or
    something besides it."""
    name = _the_one(contract.security, contract.operations)
    shared = contract.extra.get("components")
    schemes = shared.get("securitySchemes") if isinstance(shared, Mapping) else None
    return oauth_of(name, schemes.get(name)) if name and isinstance(schemes, dict) else None


def inherited(auth: Auth | None, security: Requirements | None) -> Requirements | None:
    """What operations without a word of their own ask for, when the whole document asks for scopes: those are said at
    each operation once ``auth`` is OAuth. None when there is nothing to say."""
    named = isinstance(auth, OAuth) and security and security[0].get(auth.scheme_name)
    return tuple(security or ()) if named else None


def saying(operations: Iterable[Operation], security: Requirements | None) -> tuple[Operation, ...]:
    """``operations``, those without a word of their own with this ``security`` (None: as they are)."""
    if security is None:
        return tuple(operations)
    return tuple(replace(op, security=security) if op.security is None else op for op in operations)


def oauth_of(name: str, scheme: JSON) -> OAuth | None:
    """An oauth2 scheme with the authorization code (OpenAPI 3.1.0, section 4.8.29); None for any other."""
    flows = scheme.get("flows") if isinstance(scheme, dict) and scheme.get("type") == "oauth2" else None
    flow = flows.get("authorizationCode") if isinstance(flows, dict) else None
    if not isinstance(flow, dict):
        return None
    scopes = flow.get("scopes")
    scopes = scopes if isinstance(scopes, dict) else {}
    authorize, token = flow.get("authorizationUrl"), flow.get("tokenUrl")
    found = tuple(Scope(one, text if isinstance(text, str) else "") for one, text in scopes.items() if one)
    return OAuth(
        found,
        authorize.strip() if isinstance(authorize, str) else "",
        token.strip() if isinstance(token, str) else "",
        scheme_name=name,
    )


def settled(contract: Contract, is_ours: Callable[[str], bool]) -> Contract:
    """The contract with our provider in the place of OAuth whose two addresses stand below one base URL of ours, as in
    documents and manifests that we served. ``is_ours`` tells of a base URL. Others' look alike: it takes the host."""
    auth = contract.auth
    found = auth if isinstance(auth, OAuth) else offered(contract) if isinstance(auth, Declared) else None
    base = found.authorization_url.removesuffix(AUTHORIZE) if found is not None else ""
    if found is None or not base or (found.authorization_url, found.token_url) != OAuth().urls(base):
        return contract
    if not is_ours(base):
        return contract
    here = _here(found)
    operations = saying(contract.operations, inherited(here, contract.security))
    return replace(contract, auth=here, operations=operations)


def _only_name(requirements: Requirements) -> str:
    """The one scheme that is asked for, "" when it is a choice or a combination."""
    if len(requirements) != 1 or len(requirements[0]) != 1:
        return ""
    return next(iter(requirements[0]))


def _here(auth: OAuth) -> OAuth:
    return replace(auth, authorization_url="", token_url="")


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
