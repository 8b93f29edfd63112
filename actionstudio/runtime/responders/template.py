"""Answers with a text of the builder's whose ``{{ … }}`` are filled in from the call (core/templating)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from actionstudio.core import templating
from actionstudio.core.behaviour import Examples, Template
from actionstudio.core.problem import Refused
from actionstudio.core.templating import OverBound, Rendered
from actionstudio.runtime import choosing, encoding, replies
from actionstudio.runtime.answers import Answer, Choice, undeclared_media
from actionstudio.runtime.negotiation import NOTHING, find_media, is_json, wish_of
from actionstudio.runtime.replies import Prepared
from actionstudio.runtime.responders import examples
from actionstudio.runtime.scope import CallScope, shown

if TYPE_CHECKING:
    from actionstudio.runtime.operation import Served
    from actionstudio.runtime.visit import Visit

STATE = frozenset({"call", "collection"})


def reads_state(behaviour: Template) -> bool:
    """Whether a template reads collections or counts calls: only then its answers need the store."""
    texts = (behaviour.body, *(value for _, value in behaviour.headers))
    return any(templating.roots(text) & STATE for text in texts)


def compile(served: Served, behaviour: Template) -> Any:
    """The responder of one operation. What the caller wishes (another status, an example) the examples answer."""
    wished = examples.compile(served, Examples(status=behaviour.status, pairing=False))
    filler = _Filler(served, behaviour)

    def respond(visit: Visit) -> Prepared:
        prefer = visit.headers.get("prefer", "")
        if (prefer or "__" in visit.call.query) and wish_of(visit.call, prefer) != NOTHING:
            return wished(visit)
        return filler.answer(visit)

    return respond


class _Filler:
    """The template of one behaviour, compiled once; answers that read nothing of the call are made once."""

    def __init__(self, served: Served, behaviour: Template) -> None:
        self._served = served
        self._behaviour = behaviour
        answers = served.answers
        self._declared: Answer | None = answers.of(behaviour.status) if behaviour.status else answers.usual
        declared = self._declared
        self._code = int(behaviour.status) if behaviour.status.isdigit() else declared.code if declared else 200
        self._made: dict[int | None, Prepared] = {}
        self._wrong: Prepared | None = None
        try:
            self._headers = [(name, templating.compile(text)) for name, text in behaviour.headers]
        except Refused as refused:
            self._wrong = _wrong(refused)
        self._bodies: dict[bool, Any] = {}

    def answer(self, visit: Visit) -> Prepared:
        if self._wrong is not None:
            return self._wrong
        index = self._index(visit)
        if isinstance(index, Prepared):
            return index
        made = self._made.get(index)
        return made if made is not None else self._filled(visit, index)

    def _index(self, visit: Visit) -> int | Prepared | None:
        """Which declared media type this answer has; None for one of its own."""
        declared = self._declared
        offered = declared.offered if declared is not None else []
        if self._behaviour.media_type:
            return find_media(self._behaviour.media_type, offered)
        if declared is None or not offered:
            return None
        found = choosing.choose(self._served.answers, declared.status, NOTHING, visit.headers.get("accept", ""))
        return found if isinstance(found, Prepared) else found.index

    def _filled(self, visit: Visit, index: int | None) -> Prepared:
        choice = self._declared.choices[index] if self._declared is not None and index is not None else None
        if choice is not None:
            choice.validator()  # what is slow comes before anything is read: the call may have to be answered again
        media = self._media(choice)
        try:
            body = self._body(is_json(media))
            scope = CallScope(self._served, visit)
            parts = [body.render(scope), *(template.render(scope) for _, template in self._headers)]
        except Refused as refused:
            return _wrong(refused)
        except OverBound as over:
            return _too_much(over)
        made = self._prepared(media, choice, parts)
        if body.constant and all(template.constant for _, template in self._headers):
            self._made[index] = made
        return made

    def _media(self, choice: Choice | None) -> str:
        if self._behaviour.media_type:
            return self._behaviour.media_type
        if choice is not None:
            return encoding.content_type(choice.media_type, {} if _looks_like_json(self._behaviour.body) else "")
        if not self._behaviour.body:
            return ""
        return "application/json" if _looks_like_json(self._behaviour.body) else "text/plain"

    def _body(self, json: bool) -> templating.Compiled:
        if json not in self._bodies:
            self._bodies[json] = templating.compile(self._behaviour.body, json=json)
        return self._bodies[json]

    def _prepared(self, media: str, choice: Choice | None, parts: list[Rendered]) -> Prepared:
        first, *rest = parts
        own = [(name, part.text) for (name, _), part in zip(self._headers, rest, strict=True) if part.text]
        names = {name.lower() for name, _ in self._headers}
        declared = self._declared.head() if self._declared is not None else []
        kind = encoding.content_type(media, first.value) if first.text else ""
        violations = self._violations(kind, choice, first) if first.text else ()
        said = f"{self._code}{f', {kind}' if kind else ''}, template"
        return replies.mock(
            self._code,
            kind,
            first.text.encode("utf-8", "replace"),
            (*(pair for pair in declared if pair[0].lower() not in names), *own, *self._served.extra),
            {"response": said, "trail": [self._trail(parts)]},
            violations,
        )

    def _violations(self, kind: str, choice: Choice | None, body: Rendered) -> tuple[Mapping[str, Any], ...]:
        if choice is not None:
            return choice.violations(body.value)
        return (undeclared_media(kind),) if self._declared is not None and self._declared.offered else ()

    def _trail(self, parts: list[Rendered]) -> dict[str, Any]:
        values = {name: value for part in parts for name, value in part.values.items()}
        notes = dict.fromkeys(note for part in parts for note in part.notes)
        return {"what": "template", "values": shown(self._served, values), "notes": list(notes)}


def _looks_like_json(body: str) -> bool:
    start = body.lstrip()
    return start.startswith("[") or (start.startswith("{") and not start.startswith("{{"))


def _wrong(refused: Refused) -> Prepared:
    """The answer where the template itself is wrong: it could not have been saved so by the pages."""
    first = refused.problems[0].message
    said = {"response": f"the template is wrong: {first}", "trail": [{"what": "template", "error": first}]}
    return replies.problem(500, "The template is wrong", first, notes=said)


def _too_much(over: OverBound) -> Prepared:
    trail = {"what": "template", "bound": over.bound, "error": str(over)}
    said = {"response": f"the template went over a bound: {over}", "trail": [trail]}
    return replies.problem(500, "The template went over a bound", str(over), notes=said, bound=over.bound)
