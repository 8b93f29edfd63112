"""The part of a case's form that grows: turns, expected calls, and a matcher for each argument of a call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from actionstudio.apps.simulator.prompt_pages import values
from actionstudio.apps.web.telling import told
from actionstudio.core.problem import Problem
from actionstudio.core.prompting import USER, Case, Matcher, Wanted
from actionstudio.core.prompting.case import MOST_ARGUMENTS, MOST_CALLS, MOST_TURNS
from actionstudio.core.prompting.fields import Sheet

type JSON = Any

LONGEST = 20_000  # characters of one field


@dataclass
class TurnRow:
    """A turn as typed."""

    role: str = USER
    text: str = ""
    error: str = ""


@dataclass
class MatcherRow:
    """An argument and what it should be; ``op`` "": nothing is said of it. ``declared``: the operation has it."""

    name: str = ""
    op: str = ""
    value: str = ""
    by: str = ""
    exact: bool = False
    schema: JSON = None
    declared: bool = False
    error: str = ""

    @property
    def hint(self) -> str:
        """What the document says of the argument, in a line."""
        schema = self.schema if isinstance(self.schema, Mapping) else {}
        kind = schema.get("type", "")
        kind = " | ".join(map(str, kind)) if isinstance(kind, list) else str(kind)
        enum = schema.get("enum")
        listed = ", ".join(map(str, enum[:8])) if isinstance(enum, list) else ""
        return " · ".join(one for one in (kind, listed) if one)


@dataclass
class CallRow:
    """An expected call as typed; without an operation it is none."""

    operation: str = ""
    rows: list[MatcherRow] = field(default_factory=list)
    error: str = ""
    known: bool = True


@dataclass
class Draft:
    """Turns and calls as typed, with what is wrong beside each."""

    turns: list[TurnRow]
    calls: list[CallRow]

    def plain(self) -> dict[str, JSON]:
        """As :func:`keeping.fill` takes it; empty rows are left out."""
        return {
            "turns": [{"role": one.role, "text": one.text.strip()} for one in self._turns()],
            "calls": [{"operation": one.operation, "arguments": _matchers(one)} for one in self._calls()],
        }

    def refuse(self, problem: Problem) -> bool:
        """Puts what is wrong beside its field; False when it is of no field here."""
        parts = problem.pointer.strip("/").split("/")
        words = told(problem.message)
        if parts[0] == "turns":
            rows = self._turns() or self.turns
            rows[int(parts[1]) if len(parts) > 1 else -1].error = words
            return True
        if parts[0] != "calls" or len(parts) < 2:
            return False
        call = self._calls()[int(parts[1])]
        name = parts[3].replace("~1", "/").replace("~0", "~") if len(parts) > 3 else None
        row = next((one for one in call.rows if one.name == name), call)
        row.error = words
        return True

    def _turns(self) -> list[TurnRow]:
        return [one for one in self.turns if one.text.strip()]

    def _calls(self) -> list[CallRow]:
        return [one for one in self.calls if one.operation]


def of(case: Case, sheets: Mapping[str, Sheet]) -> Draft:
    """A case as rows, with empty ones behind them."""
    turns = [TurnRow(turn.role, turn.text) for turn in case.turns]
    calls = [_call(one, sheets) for one in case.calls]
    return Draft(turns or [TurnRow()], calls or [CallRow()])


def read(data: Mapping[str, str], sheets: Mapping[str, Sheet]) -> Draft:
    """What was typed. ``pick`` names the deed of a button: turn and call add a row, rows only looks anew."""
    pick = data.get("pick", "")
    turns = [
        TurnRow(_get(data, f"t-{n}-role"), _get(data, f"t-{n}-text")) for n in _many(data, "t", "text", MOST_TURNS)
    ]
    calls = [_typed(data, f"c-{n}", sheets) for n in _many(data, "c", "operation", MOST_CALLS)]
    if pick == "turn" and len(turns) < MOST_TURNS:
        turns += [TurnRow("assistant"), TurnRow()][: MOST_TURNS - len(turns)]
    if pick == "call" and len(calls) < MOST_CALLS:
        calls.append(CallRow())
    return Draft(turns or [TurnRow()], calls or [CallRow()])


def _call(one: Wanted, sheets: Mapping[str, Sheet]) -> CallRow:
    rows = []
    schemas = _schemas(sheets.get(one.operation))
    for name, matcher in one.arguments.items():
        text = values.shown(matcher, schemas.get(name))
        by = f"{matcher.by:g}" if matcher.op == "near" else ""
        rows.append(MatcherRow(name, matcher.op, text, by, matcher.exact))
    return _rounded(CallRow(one.operation, rows), sheets)


def _typed(data: Mapping[str, str], prefix: str, sheets: Mapping[str, Sheet]) -> CallRow:
    rows = []
    for n in _many(data, f"{prefix}-a", "name", MOST_ARGUMENTS + 1):
        at = f"{prefix}-a-{n}"
        texts = [_get(data, f"{at}-{name}") for name in ("name", "op", "value", "by")]
        rows.append(MatcherRow(texts[0].strip(), *texts[1:], exact=bool(_get(data, f"{at}-exact"))))
    return _rounded(CallRow(_get(data, f"{prefix}-operation"), rows), sheets)


def _rounded(call: CallRow, sheets: Mapping[str, Sheet]) -> CallRow:
    """A row for each argument that the operation has, those that are spoken of first, and one for another."""
    schemas = _schemas(sheets.get(call.operation))
    call.known = not call.operation or call.operation in sheets
    rows = [one for one in call.rows if one.name and one.op]
    spoken = {one.name for one in rows}
    rows += [MatcherRow(name) for name in schemas if name not in spoken]
    for one in rows:
        one.schema, one.declared = schemas.get(one.name), one.name in schemas
    call.rows = [*rows, MatcherRow()] if call.operation else []
    return call


def _matchers(call: CallRow) -> dict[str, JSON]:
    found = {}
    for one in call.rows:
        if one.name and one.op:
            made = Matcher(one.op, values.read(one.op, one.value, one.schema), exact=one.exact)
            found[one.name] = {"op": made.op, "value": made.value, "exact": made.exact}
            found[one.name] |= {"by": values.number(one.by)} if one.op == "near" else {}
    return found


def _schemas(sheet: Sheet | None) -> Mapping[str, JSON]:
    found = sheet.parameters.get("properties") if sheet and isinstance(sheet.parameters, dict) else None
    return found if isinstance(found, dict) else {}


def _many(data: Mapping[str, str], prefix: str, name: str, most: int) -> Iterator[int]:
    """The numbers of the rows that were posted."""
    for n in range(most):
        if f"{prefix}-{n}-{name}" not in data:
            return
        yield n


def _get(data: Mapping[str, str], name: str) -> str:
    return str(data.get(name, "")).replace("\0", "")[:LONGEST]
