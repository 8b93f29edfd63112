"""The answers of a stateful operation: rows as the document's schema holds them, its own words for what went wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from actionstudio.core.behaviour import Collection, Stateful
from actionstudio.core.collections import family, reading
from actionstudio.core.collections.fields import plain
from actionstudio.core.collections.filling import Filler, Link
from actionstudio.core.collections.layout import ROLES, Finder, Layout
from actionstudio.core.collections.query import Found
from actionstudio.core.problem import Problem
from actionstudio.core.schemas.shape import shape_of
from actionstudio.runtime import choosing, replies
from actionstudio.runtime.answers import Answer, Choice
from actionstudio.runtime.choosing import Chosen
from actionstudio.runtime.negotiation import NOTHING
from actionstudio.runtime.reader import Outcome
from actionstudio.runtime.replies import Prepared
from actionstudio.runtime.rowdeeds import Done
from actionstudio.runtime.wording import worded

if TYPE_CHECKING:
    from actionstudio.runtime.operation import Served
    from actionstudio.runtime.visit import Visit

type Step = dict[str, Any]

_EXPOSED = ("access-control-expose-headers", "X-Total-Count, X-Filtered-Count")


class _Plan(NamedTuple):
    """How one media type of one response shows rows."""

    layout: Layout
    filler: Filler
    headers: tuple[tuple[str, str], ...]  # (name, what it tells)

    @property
    def links(self) -> bool:
        """Whether the answer holds addresses of other pages, which repeat the whole query."""
        roles = {role for _, role in self.headers} | {place.role for place in self.layout.places}
        return bool(roles & {"next", "previous"})


class RowAnswers:
    """Makes the answers of one operation. Plans are made once for each declared answer."""

    def __init__(self, served: Served, behaviour: Stateful, collection: Collection) -> None:
        self._served = served
        self._behaviour = behaviour
        self._collection = collection
        self.strict = served.mode == "strict"
        resolver = served.house.resolver
        self._components = resolver.components
        self._finder = Finder(collection.schema, self._components, collection.name)
        self._fields = _fields(served, collection)
        creating = behaviour.action == "create" and "201" in served.answers.by_status
        self._status = behaviour.status or ("201" if creating else "")
        self._plans: dict[tuple[int, int], _Plan] = {}
        for answer in served.answers.by_status.values():
            for index in range(len(answer.choices)):
                self._plan(answer, index)
        self.links = any(plan.links for plan in self._plans.values())

    def choose(self, visit: Visit) -> Chosen | Prepared:
        """The declared answer of a call that goes well."""
        return choosing.choose(self._served.answers, self._status, NOTHING, visit.headers.get("accept", ""))

    def created(self, visit: Visit) -> Chosen | None:
        """The 201 of a PUT that made a row."""
        if "201" not in self._served.answers.by_status:
            return None
        found = choosing.choose(self._served.answers, "201", NOTHING, visit.headers.get("accept", ""))
        return None if isinstance(found, Prepared) else found

    def most(self, chosen: Chosen) -> int | None:
        """How many rows the answer may hold."""
        return self._plan(chosen.answer, chosen.index).layout.most if chosen.answer.choices else None

    def rows(self, chosen: Chosen, found: Found, link: Link, step: Step, problems: Sequence[Problem] = ()) -> Prepared:
        """A page of rows. ``problems`` are of a call that is answered nevertheless."""
        counts = (("x-total-count", str(found.total)), ("x-filtered-count", str(found.filtered)), _EXPOSED)
        said = f"{len(found.rows)} of {found.total} rows of “{self._collection.name}”"
        reply = self._filled(
            chosen, lambda plan: plan.filler.rows(found, link), "rows", said, step, counts, found, link
        )
        if problems:
            noted = tuple(_noted(problem, "warning") for problem in problems)
            reply.violations = (*noted, *reply.violations)
        return reply

    def row(self, chosen: Chosen, row: Any, step: Step) -> Prepared:
        """One row; None when there is none to show, and the answer is as if there had been."""
        said = f"the row {step.get('key', '')} of “{self._collection.name}”"
        if row is None:
            return self._declared(chosen, step)
        return self._filled(chosen, lambda plan: plan.filler.row(row), "row", said, step)

    def done(self, chosen: Chosen, done: Done, link: Link, step: Step) -> Prepared:
        """What a deed came to: its row, the rows that came, or the whole list, as the schema has it."""
        plan = self._plan(chosen.answer, chosen.index) if chosen.answer.choices else None
        if plan is None or plan.layout.kind == "other":
            return self._declared(chosen, step)
        if plan.layout.kind == "rows":
            rows = done.rows if done.rows is not None and self._behaviour.action == "create" else done.left()
            found = Found(rows[: plan.layout.most], done.after, len(rows), 1, None, 0)
            said = f"{len(found.rows)} rows of “{self._collection.name}”"
            return self._filled(chosen, lambda plan: plan.filler.rows(found, link), "rows", said, step)
        row = done.row if done.rows is None else next(iter(done.rows[-1:]), None)
        return self.row(chosen, row, step)

    def missing(self, visit: Visit, key: str | None, step: Step) -> Prepared:
        """There is no such row: the document's own answer, else problem+json."""
        code = self._behaviour.missing if self._behaviour.missing.isdigit() else "404"
        name = self._collection.name
        sentence = f"“{name}” has no row {key}." if key is not None else f"“{name}” has no row that fits."
        return self._failure(visit, (code,), "Not found", sentence, step)

    def taken(self, visit: Visit, key: str, step: Step) -> Prepared:
        """A row with this id is there already."""
        sentence = f"“{self._collection.name}” has a row {key} already."
        return self._failure(visit, ("409",), "This id is taken", sentence, step)

    def full(self, why: str, step: Step) -> Prepared:
        """The rows may not grow any more (RFC 4918, section 11.5)."""
        notes = {"response": "507, the collection is full", "trail": [step]}
        return replies.problem(507, "The collection is full", why, self._served.extra, notes)

    def refused(self, visit: Visit, problems: Sequence[Problem]) -> Prepared:
        """A call that cannot be done, answered as any other that is not as declared."""
        found = tuple(_noted(problem, "error") for problem in problems)
        visit.violations = (*visit.violations, *found)
        reply = self._served.invalid(visit, Outcome(422, found))
        step = {"what": "collection", "name": self._collection.name, "action": self._behaviour.action}
        return reply.with_notes({**reply.notes, "trail": [{**step, "refused": found[0]["message"]}]})

    def _failure(self, visit: Visit, codes: tuple[str, ...], title: str, sentence: str, step: Step) -> Prepared:
        served = self._served
        answer, code = served.answers.failure(*codes)
        if answer is None:
            notes = {"response": f"{code}, problem+json", "trail": [step]}
            return replies.problem(code, title, sentence, served.extra, notes)
        index = answer.accepts(visit.headers.get("accept", "")) or 0
        choice = answer.choices[index] if answer.choices else None
        if choice is None or choice.example(None) is not None or choice.schema is None:
            reply = answer.static(code, index, None, 0, served.extra)
            return reply.with_notes({**reply.notes, "trail": [step]})
        value = worded(choice, code, sentence, self._components)
        return answer.filled(code, index, value, served.extra, "made for it", {"trail": [step]})

    def _declared(self, chosen: Chosen, step: Step) -> Prepared:
        """The declared answer, for one that shows no rows; without its body when the builder wants none."""
        answer, code, index = chosen
        if self._behaviour.answer == "nothing":
            notes = {"response": f"{code}, no body", "trail": [step]}
            return replies.mock(code, "", b"", self._served.extra, notes)
        reply = answer.static(code, index, None, 0, self._served.extra)
        return reply.with_notes({**reply.notes, "trail": [step]})

    def _filled(
        self,
        chosen: Chosen,
        fill: Any,
        kind: str,
        said: str,
        step: Step,
        extra: tuple[tuple[str, str], ...] = (),
        found: Found | None = None,
        link: Link | None = None,
    ) -> Prepared:
        answer, code, index = chosen
        plan = self._plan(answer, index) if answer.choices else None
        if plan is None or plan.layout.kind != kind:
            if plan is not None:
                step = {**step, "shown": 0, "why": str(plan.layout.why)}
            reply = self._declared(chosen, step)
            return reply.with_headers(*extra) if extra else reply
        if found is not None and link is not None:
            extra = (*extra, *_told(plan, found, link, {name for name, _ in extra}))
        without = frozenset(name for name, _ in plan.headers)
        extra = (*self._served.extra, *extra)
        return answer.filled(code, index, fill(plan), extra, said, {"trail": [step]}, without)

    def _plan(self, answer: Answer, index: int) -> _Plan:
        place = (id(answer), index)
        plan = self._plans.get(place)
        if plan is None:
            plan = self._plans[place] = self._planned(answer, answer.choices[index])
        return plan

    def _planned(self, answer: Answer, choice: Choice) -> _Plan:
        example = choice.example(None)
        schema = choice.declared
        value = None if example is None else choice.settled(example.value)
        layout = family.layout_of(self._finder, self._behaviour, choice.media_type, schema, value)
        sampled = example is None
        base = choice.generated(self._collection.name) if sampled and layout.kind != "other" else value
        id_field = self._collection.id_field
        filler = Filler(layout, schema, self._components, base, self._fields, sampled, id_field)
        names = [(name, plain(name).removeprefix("x")) for name in answer.header_names]
        headers = tuple((name, ROLES[word]) for name, word in names if word in ROLES)
        return _Plan(layout, filler, headers if layout.kind == "rows" else ())


def _told(plan: _Plan, found: Found, link: Link, told_already: set[str]) -> list[tuple[str, str]]:
    """The declared headers that tell of a page what its envelope tells elsewhere; those that cannot are left out."""
    told = []
    for name, role in plan.headers:
        value = next(iter(plan.filler.values(role, found, link, None)), None)
        if isinstance(value, str | int) and name not in told_already:
            told.append((name, str(value).lower() if isinstance(value, bool) else str(value)))
    return told


def _noted(problem: Problem, severity: str) -> dict[str, Any]:
    location = problem.pointer.split("/")[1:]
    told = {"location": location, "severity": severity, "code": problem.code, "message": str(problem.message)}
    return {**told, "side": "request"}


def _fields(served: Served, collection: Collection) -> frozenset[str]:
    """The row's fields as the whole document has them: in its schema, and in what is sent to make or change one."""
    resolver = served.house.resolver
    names: set[str] = set()
    if collection.schema is not None:
        names |= shape_of(collection.schema, resolver.components).properties.keys()
    for op in served.house.contract.operations:
        if isinstance(op.behaviour, Stateful) and op.behaviour.collection == collection.name:
            schema = reading.body_schema(resolver, op)
            if schema is not None and not op.behaviour.item:
                names |= shape_of(schema, resolver.components).properties.keys()
    return frozenset(names)
