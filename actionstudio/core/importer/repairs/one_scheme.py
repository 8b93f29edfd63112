"""Repair: one security scheme (SEC-01)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from actionstudio.core.auth import Declared
from actionstudio.core.contract import Contract, Operation
from actionstudio.core.importer import mending
from actionstudio.core.importer.repair import Mended, Note, repair
from actionstudio.core.resolve import Resolver
from actionstudio.core.words import said


@repair(title=said("Keep one way to sign in"), order=24, always=True)
def mend(contract: Contract, options: Any) -> Mended:
    """ChatGPT reads one security scheme and sends one credential. Here the one that most endpoints ask for is kept;
    endpoints that need no credential stay open."""
    if not isinstance(contract.auth, Declared):
        return Mended(contract)
    resolver = Resolver(contract)
    schemes = resolver.schemes()
    if len(schemes) < 2:
        return Mended(contract)
    asked = {op.pointer: resolver.security(op) for op in mending.offered(contract)}
    counts = Counter(name for ways in asked.values() for name in dict.fromkeys(n for way in ways for n in way))
    known = [name for name in schemes if counts[name]] or list(schemes)
    wanted = options.get("scheme") if isinstance(options, dict) else None
    kept = wanted if wanted in schemes else max(known, key=lambda name: counts[name])

    def secured(op: Operation) -> Operation:
        ways = asked[op.pointer]
        needs = bool(ways) and all(ways)
        return replace(op, security=({kept: _scopes(ways, kept)},) if needs else ())

    shared = contract.extra.get("components")
    shared = {**(shared if isinstance(shared, dict) else {}), "securitySchemes": {kept: schemes[kept]}}
    out = replace(mending.each_operation(contract, secured), extra={**contract.extra, "components": shared})
    words = said("Of %(n)s security schemes “%(name)s” is kept.", n=len(schemes), name=kept)
    return Mended(out, (Note("one-scheme", "/components/securitySchemes", words),))


def _scopes(ways: tuple[Any, ...], name: str) -> Any:
    return next((way[name] for way in ways if name in way), [])
