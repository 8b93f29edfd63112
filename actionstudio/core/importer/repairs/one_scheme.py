"""Repair: one security scheme (SEC-01)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from actionstudio.core.auth import Declared
from actionstudio.core.contract import Contract, Operation
from actionstudio.core.importer import credential, mending
from actionstudio.core.importer.repair import Mended, Note, repair
from actionstudio.core.resolve import Resolver
from actionstudio.core.schemas import refs
from actionstudio.core.words import said

type JSON = Any

_NAME = re.compile(r"[a-zA-Z0-9._-]+")
_UNREAD = said("This security scheme does not say what it is; it was left out.")


@repair(title=said("Keep one way to sign in"), order=24, always=True)
def mend(contract: Contract, options: Any) -> Mended:
    """ChatGPT reads one security scheme and sends one credential. Here the one that opens most endpoints is kept;
    endpoints that need no credential stay open, and what it does not open keeps what it asks for."""
    contract, lost = _readable(contract)
    notes = tuple(Note("one-scheme", f"/components/securitySchemes/{refs.escape(name)}", _UNREAD) for name in lost)
    resolver = Resolver(contract)
    schemes = resolver.schemes()
    if not isinstance(contract.auth, Declared) or len(schemes) < 2:
        return Mended(contract, notes)
    asked = {op.pointer: resolver.security(op) for op in mending.offered(contract)}
    choice = credential.choose(asked, schemes, wanted(options))
    name = choice.name or next(iter(schemes))
    left = {one for names in choice.denied.values() for one in names}
    kept = {one: scheme for one, scheme in schemes.items() if one == name or one in left}
    if len(kept) == len(schemes):
        return Mended(contract, notes)

    def secured(op: Operation) -> Operation:
        ways = asked[op.pointer]
        if op.pointer in choice.denied:
            return replace(op, security=({one: scopes(ways, one) for one in choice.denied[op.pointer]},))
        needs = bool(ways) and all(ways)
        return replace(op, security=({name: scopes(ways, name)},) if needs else ())

    out = with_schemes(mending.each_operation(contract, secured), kept)
    words = said("Of %(n)s security schemes “%(name)s” is kept.", n=len(schemes), name=", ".join(kept))
    return Mended(out, (*notes, Note("one-scheme", "/components/securitySchemes", words)))


def _readable(contract: Contract) -> tuple[Contract, list[str]]:
    """The contract with the schemes that say what they are, and the names of the others."""
    shared = contract.extra.get("components")
    declared = shared.get("securitySchemes") if isinstance(shared, dict) else None
    if not isinstance(declared, dict):
        return contract, []
    resolver = Resolver(contract)
    found: dict[str, JSON] = {}
    for name, raw in declared.items():
        target = resolver.find(raw["$ref"]) if isinstance(raw, dict) and isinstance(raw.get("$ref"), str) else raw
        made = sound(target)
        if made is not None and _NAME.fullmatch(name):
            found[name] = made
    lost = [name for name in declared if name not in found]
    return (contract if found == declared else with_schemes(contract, found)), lost


def wanted(options: Any) -> str:
    """The scheme that the owner chose, "" when none was."""
    found = options.get("scheme") if isinstance(options, dict) else None
    return found if isinstance(found, str) else ""


def with_schemes(contract: Contract, schemes: dict[str, JSON]) -> Contract:
    """The contract with these security schemes and no others."""
    shared = contract.extra.get("components")
    shared = {**(shared if isinstance(shared, dict) else {}), "securitySchemes": schemes}
    return replace(contract, extra={**contract.extra, "components": shared})


def sound(scheme: JSON) -> dict[str, JSON] | None:
    """A security scheme with what it must and may have (OpenAPI 3.1.0, section 4.8.27); None when something lacks."""
    if not isinstance(scheme, dict) or not isinstance(scheme.get("type"), str):
        return None
    needs = _NEEDS.get(scheme["type"])
    if needs is None or not all(fits(scheme.get(key)) for key, fits in needs.items()):
        return None
    out = {key: value for key, value in scheme.items() if key == "type" or key in needs or key.startswith("x-")}
    for key in ("description", "bearerFormat"):
        if isinstance(scheme.get(key), str):
            out[key] = scheme[key]
    if scheme["type"] == "oauth2":
        out["flows"] = {name: flow for name, flow in scheme["flows"].items() if _flow(name, flow)}
    return {key: out[key] for key in scheme if key in out}


def _text(value: JSON) -> bool:
    return isinstance(value, str)


def _flow(name: str, flow: JSON) -> bool:
    """Whether an OAuth flow has its addresses and scopes (OpenAPI 3.1.0, section 4.8.29)."""
    if name.startswith("x-"):
        return True
    scopes = flow.get("scopes") if isinstance(flow, dict) else None
    if name not in _FLOWS or not isinstance(scopes, dict) or not all(map(_text, scopes.values())):
        return False
    return all(_text(flow.get(key)) for key in _FLOWS[name]) and _text(flow.get("refreshUrl", ""))


_FLOWS = {
    "implicit": ("authorizationUrl",),
    "password": ("tokenUrl",),
    "clientCredentials": ("tokenUrl",),
    "authorizationCode": ("authorizationUrl", "tokenUrl"),
}
_NEEDS: dict[str, dict[str, Callable[[JSON], bool]]] = {
    "apiKey": {"name": _text, "in": lambda value: value in ("query", "header", "cookie")},
    "http": {"scheme": _text},
    "oauth2": {"flows": lambda value: isinstance(value, dict)},
    "openIdConnect": {"openIdConnectUrl": _text},
    "mutualTLS": {},
}


def scopes(ways: tuple[Any, ...], name: str) -> Any:
    """The scopes that requirements ask of a scheme."""
    return next((way[name] for way in ways if name in way), [])
