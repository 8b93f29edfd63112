"""Repair: header and cookie parameters are asked for in the query (PAR-02)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from actionstudio.core.arguments import Move, Step
from actionstudio.core.contract import Contract, Operation, Parameter
from actionstudio.core.importer import mending
from actionstudio.core.importer.repair import Mended, Note, Place, repair
from actionstudio.core.resolve import Resolver
from actionstudio.core.words import said

# What proxies, browsers and signing clients set: of no use to a model unless the document insists on it.
_TECHNICAL = re.compile(
    r"accept-.*|if-.*|x-forwarded-.*|x-amz-(?!target).*|x-(request|correlation|trace|client-trace)-?id|request-id"
    r"|traceparent|tracestate|cache-control|connection|origin|referer|dnt|te",
    re.I,
)
_OWN = frozenset(("accept", "content-type", "authorization", "cookie", "host", "user-agent", "content-length"))


@repair(title=said("Move header parameters to the query"), order=62, shapes=True)
def mend(contract: Contract, options: Any) -> Mended:
    """ChatGPT fills in no headers and cookies. Here the model gives them as parameters of the query, and your address
    puts them back where the document has them. Headers that carry the credential or that programs set by themselves
    stay out."""
    strict = isinstance(options, Mapping) and options.get("only") == "required"
    resolver = Resolver(contract)
    credentials = credential_places(resolver)
    notes: list[Note] = []
    steps: dict[Place, tuple[Step, ...]] = {}

    def moved(op: Operation) -> Operation:
        parameters, made = [], []
        taken = {name for _place, name in mending.argument_names(op, resolver)}
        for index, one in enumerate(op.parameters):
            if not fillable(one, credentials) or (strict and not one.required):
                parameters.append(one)
                continue
            name = one.name if one.name not in taken else mending.fresh(f"{one.in_}_{one.name}", taken)
            taken.add(name)
            made.append(Move(name, one.in_, one.name))
            parameters.append(replace(one, name=name, in_="query", style=None, explode=None))
            words = said("%(place)s %(name)s is the query parameter %(to)s.", place=one.in_, name=one.name, to=name)
            notes.append(Note("header-parameters", f"{op.pointer}/parameters/{index}", words))
        if not made:
            return op
        steps[op.method, op.path] = tuple(made)
        return replace(op, parameters=tuple(parameters))

    return Mended(mending.each_operation(contract, moved), tuple(notes), steps)


def fillable(one: Parameter, credentials: set[tuple[str, str]]) -> bool:
    """Whether a model could fill in this header or cookie: no program sets it and it is not the credential."""
    if one.in_ not in ("header", "cookie") or not one.name or one.ref:
        return False
    if one.in_ == "header" and (one.name.lower() in _OWN or (not one.required and _TECHNICAL.fullmatch(one.name))):
        return False
    return (one.in_, one.name.lower()) not in credentials


def credential_places(resolver: Resolver) -> set[tuple[str, str]]:
    """Where the project's own credentials travel."""
    schemes = resolver.schemes().values()
    return {(str(one.get("in")), str(one.get("name")).lower()) for one in schemes if one.get("type") == "apiKey"}
