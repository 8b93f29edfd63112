"""Repair: one credential in a header (SEC-04)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from actionstudio.core.auth import Declared
from actionstudio.core.contract import Contract, Operation
from actionstudio.core.importer import credential, mending
from actionstudio.core.importer.repair import Mended, Note, repair
from actionstudio.core.importer.repairs import one_scheme
from actionstudio.core.resolve import Resolver
from actionstudio.core.words import said


@repair(title=said("Let one credential in a header do"), order=26, shapes=True)
def mend(contract: Contract, options: Any) -> Mended:
    """ChatGPT sends one credential, in a header. Where the document asks for two at once, or for a key in the query or
    a cookie, every call would get 401. Here one header is asked for, and your address takes it in the place of what
    the document wants. A server of your own has to do the same."""
    resolver = Resolver(contract)
    schemes = resolver.schemes()
    if not isinstance(contract.auth, Declared) or not schemes:
        return Mended(contract)
    asked = {op.pointer: resolver.security(op) for op in mending.offered(contract)}
    choice = credential.choose(asked, schemes, one_scheme.wanted(contract.repairs.get("one-scheme")))
    if not choice.denied:
        return Mended(contract)
    name, sent = choice.name, credential.as_sent(schemes[choice.name])
    accepted = credential.Accepted(sent, schemes[name])

    def secured(op: Operation) -> Operation:
        ways = asked[op.pointer]
        needs = bool(ways) and all(ways)
        return replace(op, security=({name: one_scheme.scopes(ways, name)},) if needs else ())

    out = one_scheme.with_schemes(mending.each_operation(contract, secured), {name: sent})
    notes = tuple(_note(pointer, names, schemes, sent) for pointer, names in choice.denied.items())
    denied = (op for op in mending.offered(contract) if op.pointer in choice.denied)
    return Mended(out, notes, accepts={(op.method, op.path): accepted for op in denied})


def _note(pointer: str, names: tuple[str, ...], schemes: dict[str, Any], sent: dict[str, Any]) -> Note:
    words = said(
        "Your address takes %(sent)s alone in the place of %(asked)s.",
        sent=credential.shown(sent),
        asked=" + ".join(credential.shown(schemes[name]) for name in names),
    )
    return Note("one-credential", pointer, words, review=True)
