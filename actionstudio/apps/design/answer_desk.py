"""The desk at which it is edited how one operation answers: as a form, or as JSON."""

import functools
import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from actionstudio.apps.design import answer_form, answer_ops, load
from actionstudio.apps.design.answer_form import Written
from actionstudio.apps.design.answer_fresh import Beginning
from actionstudio.apps.design.desk import Desk, State
from actionstudio.apps.design.models import Operation
from actionstudio.apps.design.problems import Problems
from actionstudio.apps.projects.models import Project
from actionstudio.apps.web.telling import told
from actionstudio.core import answering, codec, contract
from actionstudio.core.behaviour import Around, Behaviour, Examples
from actionstudio.core.eased import eased
from actionstudio.core.problem import Problem, Refused
from actionstudio.core.shape import faults
from actionstudio.core.specs.positions import Place, Positions

PARTS = ("behaviour", "around")


@dataclass
class Reading:
    """What a state says: the two values as far as they could be read, and what is wrong.

    ``problems`` are by field; ``lines`` say where in the JSON text, when it is edited as such.
    """

    behaviour: Behaviour = field(default_factory=Examples)
    around: Around = field(default_factory=Around)
    problems: Problems = field(default_factory=Problems)
    lines: list[tuple[Place, str]] = field(default_factory=list)


class AnswerDesk(Desk):
    """How one operation answers."""

    kind = "answer"

    def __init__(self, project: Project, row: Operation) -> None:
        super().__init__(project)
        self.row = row
        self.target = f"answer:{row.pk}"

    @cached_property
    def operation(self) -> contract.Operation:
        return load.operation(self.row)

    @cached_property
    def contract(self) -> contract.Contract:
        """The document with this operation alone: all that its answers may speak of."""
        return load.part(self.document, (self.operation,), self.components)

    @cached_property
    def saved(self) -> State:
        return answer_form.of(self.operation)

    def forget(self) -> None:
        super().forget()
        for name in ("operation", "contract"):
            self.__dict__.pop(name, None)

    def known(self, state: State) -> dict[str, Any]:
        return self.components

    def settle(self, state: State, before: State) -> None:
        """What was just chosen begins with what the operation has; what is written as JSON stays as it is written."""
        if state["mode"] == before["mode"] == "form":
            whole = functools.cache(lambda: load.contract(self.project))
            Beginning(self.contract, self.operation, whole).fill(state, before)

    def problems(self, state: State) -> Problems:
        return self.read(state).problems

    def read(self, state: State) -> Reading:
        """The values that ``state`` says, and what is wrong with it."""
        return self._read_text(state["text"]) if state["mode"] == "json" else self._read_form(state)

    def _read_form(self, state: State) -> Reading:
        written, found = Written(state), Reading()
        for name, why in written.unreadable.items():
            found.problems.add(name, unreadable(why))
        for problem in self._strictly({"behaviour": written.behaviour, "around": written.around}, found):
            found.problems.add(written.field(problem.pointer), told(problem.message))
        return found

    def _read_text(self, text: str) -> Reading:
        found = Reading()
        data = found.problems.json(text, "text")
        if found.problems:
            return found
        where, bare = Positions(text), _bare(data)
        data = {"behaviour": data} if bare else data
        problems = _outside(data) or self._strictly(data, found)
        for problem in problems:
            pointer = problem.pointer.removeprefix("/behaviour") if bare else problem.pointer
            found.lines.append((where.at(pointer), told(problem.message)))
        for place, words in found.lines:
            found.problems.add("text", _("Line %(n)d: %(why)s") % {"n": place.line, "why": words})
        return found

    def _strictly(self, data: dict[str, Any], found: Reading) -> list[Problem]:
        """Reads both parts into ``found``; what is wrong with them."""
        problems: list[Problem] = []
        for name, read in (("behaviour", answering.behaviour_of), ("around", answering.around_of)):
            try:
                setattr(found, name, read(data.get(name, {}), self.contract, self.operation, f"/{name}"))
            except Refused as refused:
                problems += refused.problems
        return problems

    def write(self, state: State, by) -> None:
        found = self.read(state)
        for row in answer_form.rows(state).values():
            if "operator" in row:
                row["name"] = answer_form.named(row)
        self.row.behaviour, self.row.around = codec.plain(found.behaviour), codec.plain(found.around)
        self.row.save(update_fields=PARTS)

    def structure(self, state: State, deed: str, problems: Problems) -> bool:
        if deed == "json.open" and state["mode"] == "form":
            _to_text(state, problems)
        elif deed == "json.close" and state["mode"] == "json":
            _to_form(state, problems)
        else:
            answer_ops.apply(state, deed)
            return not deed.startswith("open:")
        return False


def _to_text(state: State, problems: Problems) -> None:
    """The form's values as JSON. Not while something typed cannot be read: it would be lost."""
    written = Written(state)
    for name, why in written.unreadable.items():
        problems.add(name, unreadable(why))
    if not problems:
        values = [(Behaviour, written.behaviour), (Around, written.around)]
        plain = {
            name: codec.plain(codec.value_of(kind, data)) for name, (kind, data) in zip(PARTS, values, strict=True)
        }
        state["text"] = json.dumps(plain, indent=2, ensure_ascii=False)
        state["mode"] = "json"


def _to_form(state: State, problems: Problems) -> None:
    """The JSON's values in the form; what has no shape at all cannot be shown there."""
    data = problems.json(state["text"], "text")
    if problems:
        return
    data = {"behaviour": data} if _bare(data) else data
    wrong = _outside(data)
    if not wrong:
        data = {name: eased(data[name]) for name in PARTS}
        wrong = [*faults(Behaviour, data["behaviour"], "/behaviour"), *faults(Around, data["around"], "/around")]
    if wrong:
        message = _("The form cannot show this yet: mend the problems first, or undo.")
        problems.add("view", message)
        return
    state["answer"] = answer_form.folded(answer_form.node(codec.value_of(Behaviour, data["behaviour"])))
    state["around"] = answer_form.row(codec.value_of(Around, data["around"]))
    state["mode"], state["text"] = "form", ""


def _bare(data: Any) -> bool:
    """Whether JSON is a way to answer alone, with nothing around it."""
    return isinstance(data, dict) and "kind" in data and not data.keys() & set(PARTS)


def _outside(data: Any) -> list[Problem]:
    """What is wrong around the two parts; ``around`` may be left out."""
    if not isinstance(data, dict):
        return [Problem("", _("This is an object with “behaviour” and “around”."), "type")]
    data.setdefault("around", {})
    known = [name for name in data if name not in PARTS]
    if known:
        return [Problem(f"/{known[0]}", _("Only “behaviour” and “around” stand here."), "unknown")]
    if "behaviour" not in data:
        return [Problem("", _("“behaviour” is missing: say how the operation answers."), "missing")]
    return []


def unreadable(why: str) -> str:
    """What is asked of a field whose text cannot be read."""
    words = {
        "whole": _("Write a whole number, such as 3."),
        "number": _("Write a number, such as 0.5."),
        "json": _("Write JSON here; texts need double quotes."),
    }
    return words[why]
