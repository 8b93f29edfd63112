"""Answers with the document's examples; where there is none, with one value made from the schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from actionstudio.runtime import choosing
from actionstudio.runtime.answers import Answers
from actionstudio.runtime.negotiation import NOTHING, Wish, wish_of
from actionstudio.runtime.pairing import Pair, compile_pairs
from actionstudio.runtime.replies import Prepared
from actionstudio.runtime.responders.generated import seed_of

if TYPE_CHECKING:
    from actionstudio.runtime.operation import Served
    from actionstudio.runtime.visit import Visit

_ACCEPTS = 64
_PAIRED = 256


def compile(served: Served, behaviour: Any) -> Any:
    """The responder of one operation."""
    pinned = behaviour.example or None
    pairs = compile_pairs(served, served.answers, behaviour.status) if behaviour.pairing and pinned is None else None
    paired: dict[tuple[str, str], Prepared] = {}
    usual: dict[str, Prepared] = {}  # by Accept: calls that ask for nothing else are answered from here

    def respond(visit: Visit) -> Prepared:
        headers, call = visit.headers, visit.call
        accept = headers.get("accept", "")
        prefer = headers.get("prefer", "")
        wish = wish_of(call, prefer) if prefer or "__" in call.query else NOTHING
        if pairs is not None and wish == NOTHING:
            pair = pairs.find(visit)
            if pair is not None:
                return _paired(pair, accept)
        if wish is not NOTHING:
            return _made(visit, wish, accept)
        made = usual.get(accept)
        if made is None:
            made = _made(visit, NOTHING, accept)
            if len(usual) < _ACCEPTS:
                usual[accept] = made
        return made

    def _paired(pair: Pair, accept: str) -> Prepared:
        made = paired.get((pair.key, accept))
        if made is None:
            found = choosing.choose(Answers([pair.answer]), behaviour.status, NOTHING, accept)
            made = found if isinstance(found, Prepared) else _example(found, pair.key)
            made = made.with_notes({**made.notes, "trail": [{"what": "pairing", "key": pair.key}]})
            if len(paired) < _PAIRED:
                paired[pair.key, accept] = made
        return made

    def _made(visit: Visit, wish: Wish, accept: str) -> Prepared:
        found = choosing.choose(served.answers, behaviour.status, wish, accept)
        if isinstance(found, Prepared):
            return found
        answer, code, index = found
        if wish.dynamic:
            return answer.generated(code, index, seed_of(visit, 0), served.extra)
        key = wish.example if wish.example is not None else pinned
        if key is not None and not answer.has_example(key):
            if wish.example is not None:
                return choosing.no_example(key, answer)
            key = None
        return _example(found, key)

    def _example(found: choosing.Chosen, key: str | None) -> Prepared:
        answer, code, index = found
        if key is not None and answer.choices[index].example(key) is None:
            index = next(place for place, choice in enumerate(answer.choices) if choice.example(key) is not None)
        return answer.static(code, index, key, 0, served.extra)

    return respond
