"""Answers with values made from the schema: the same for the same operation, arguments and seed; always valid."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

from actionstudio.runtime import choosing
from actionstudio.runtime.negotiation import NOTHING, wish_of
from actionstudio.runtime.replies import Prepared

if TYPE_CHECKING:
    from actionstudio.runtime.operation import Served
    from actionstudio.runtime.visit import Visit


def compile(served: Served, behaviour: Any) -> Any:
    """The responder of one operation."""

    def respond(visit: Visit) -> Prepared:
        call = visit.call
        prefer = visit.headers.get("prefer", "")
        wish = wish_of(call, prefer) if prefer or "__" in call.query else NOTHING
        found = choosing.choose(served.answers, behaviour.status, wish, visit.headers.get("accept", ""))
        if isinstance(found, Prepared):
            return found
        answer, code, index = found
        if wish.example is not None and not wish.dynamic:
            if not answer.has_example(wish.example):
                return choosing.no_example(wish.example, answer)
            index = next(place for place, choice in enumerate(answer.choices) if choice.example(wish.example))
            return answer.static(code, index, wish.example, 0, served.extra)
        return answer.generated(code, index, seed_of(visit, behaviour.seed), served.extra)

    return respond


def seed_of(visit: Visit, seed: int) -> int:
    """One number for an operation, its arguments and a seed. The order of query parts does not matter."""
    call, operation = visit.call, visit.operation
    parts = sorted(part for part in call.query.split("&") if not part.startswith("__")) if call.query else ()
    path = sorted((visit.values or {}).items())
    text = f"{seed}\n{operation.method if operation else ''} {operation.path if operation else ''}\n{path}\n{parts}\n"
    return zlib.crc32(call.body, zlib.crc32(text.encode("utf-8", "surrogatepass")))
