"""Prompt cases as files: CSV and JSONL of ours; in from, and out to, BFCL's lines and promptfoo's tests.

Sources: BFCL v4 (gorilla-llm/berkeley-function-calling-leaderboard: "question" as messages, "ground_truth" as
[{function: {argument: [accepted values]}}], "" for an argument that may be left out; matched by AST, so no further
argument is allowed); promptfoo's configuration reference ("tests": vars, assert).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from actionstudio.core.problem import Problem, Refused
from actionstudio.core.prompting import case as cases
from actionstudio.core.prompting.case import Case, Turn, Wanted
from actionstudio.core.prompting.matching import Matcher
from actionstudio.core.words import Said, said

type JSON = Any

COLUMNS = (
    "name", "prompt", "kind", "language", "operation", "arguments", "calls", "ordered", "never", "others", "closed",
    "consent", "enabled", "note",
)  # fmt: skip
MOST = 500
LONGEST = 5_000_000  # characters of a file
_YES, _NO = ("yes", "true", "1", "x"), ("no", "false", "0", "")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would reckon with it (OWASP, "CSV Injection")


@dataclass(frozen=True, slots=True)
class Row:
    """One case of a file."""

    name: str
    case: Case
    enabled: bool = True
    note: str = ""


def read(text: str, kind: str = "auto") -> list[Row]:
    """The cases of a file; ``kind`` is one of READERS, or auto. Raises Refused with the lines that are wrong."""
    if len(text) > LONGEST:
        raise Refused(Problem("/text", said("The file has more than %(n)s characters.", n=LONGEST), "long"))
    text = text.strip("\ufeff \t\r\n").replace("\r\n", "\n")
    if not text:
        raise Refused(Problem("/text", said("There is nothing in it: choose a file, or paste its text."), "empty"))
    kind = sniffed(text) if kind == "auto" else kind
    if kind not in READERS:
        words = said("There is no such format. Known: %(names)s", names=", ".join(("auto", *READERS)))
        raise Refused(Problem("/format", words, "unknown"))
    found = READERS[kind](text)
    if not found:
        raise Refused(Problem("/text", said("There is no case in this file."), "empty"))
    if len(found) > MOST:
        raise Refused(Problem("/text", said("A suite has at most %(n)s cases.", n=MOST), "many"))
    return found


def write(rows: Iterable[Row], kind: str) -> str:
    """The file of these cases; ``kind`` is one of WRITERS."""
    return WRITERS[kind](list(rows))


def sniffed(text: str) -> str:
    """Which format a text has."""
    if text.startswith("{"):
        first = _json(text.split("\n", 1)[0])
        if isinstance(first, dict):
            return "bfcl" if "question" in first else "promptfoo" if "tests" in first else "jsonl"
        return "promptfoo"
    return "promptfoo" if text.startswith("[") else "csv"


def _csv(text: str) -> list[Row]:
    try:
        rows = list(csv.reader(io.StringIO(text), strict=True, delimiter=_parted(text)))
    except csv.Error as error:
        raise Refused(Problem("/text", said("This is not CSV: %(why)s.", why=str(error)), "csv")) from None
    heading = [name.strip().lower() for name in rows[0]] if rows else []
    if "prompt" not in heading or set(heading) - set(COLUMNS) or len(set(heading)) < len(heading):
        words = said(
            "Begin with a line that names the columns, such as prompt,operation,arguments. There are: %(names)s.",
            names=", ".join(COLUMNS),
        )
        raise Refused(Problem("/text", words, "heading"))
    lines = [(n, row) for n, row in enumerate(rows[1:], 2) if any(cell.strip() for cell in row)]
    return _each(lines, lambda row: _of_cells(dict(zip(heading, map(_unguarded, row), strict=False))), _column)


def _parted(text: str) -> str:
    """What stands between the columns: the comma, or what spreadsheets write where the comma is the decimal sign."""
    first = text.split("\n", 1)[0].lower().replace('"', "")
    fits = {sign: len({part.strip() for part in first.split(sign)}.intersection(COLUMNS)) for sign in ",;\t"}
    return max(fits, key=lambda sign: fits[sign])


def _jsonl(text: str) -> list[Row]:
    lines = [(n, line) for n, line in enumerate(text.split("\n"), 1) if line.strip()]
    return _each(lines, lambda line: _of_object(_object(line)))


def _bfcl(text: str) -> list[Row]:
    """Lines with both, or questions and then answers of the same ids, as BFCL keeps them in two files."""
    lines = [(n, _object(line, n)) for n, line in enumerate(text.split("\n"), 1) if line.strip()]
    truth = {one.get("id"): one["ground_truth"] for _n, one in lines if "ground_truth" in one}
    questions = [(n, one) for n, one in lines if "question" in one]
    return _each(questions, lambda one: _of_bfcl(one, truth.get(one.get("id"), [])))


def _promptfoo(text: str) -> list[Row]:
    data = _json(text)
    tests = data.get("tests") if isinstance(data, dict) else data
    if not isinstance(tests, list):
        words = said("This is no JSON with a list of tests. Of YAML make JSON first: promptfoo reads both.")
        raise Refused(Problem("/text", words, "json"))
    return _each(list(enumerate(tests, 1)), _of_test)


READERS: Mapping[str, Callable[[str], list[Row]]] = {
    "csv": _csv,
    "jsonl": _jsonl,
    "bfcl": _bfcl,
    "promptfoo": _promptfoo,
}


def _step(pointer: str) -> str:
    """A place in JSON as people write it: calls[0].operation."""
    first, *rest = pointer.strip("/").split("/")
    return first + "".join(f"[{one}]" if one.isdecimal() else f".{one}" for one in rest)


def _column(pointer: str) -> str:
    """The column in which a person finds it."""
    first, *rest = pointer.strip("/").split("/")
    if first == "calls" and rest[:1] == ["0"] and len(rest) > 1:
        return rest[1] if rest[1] in COLUMNS else first
    return "prompt" if first == "turns" else first


def _each[T](
    lines: Iterable[tuple[int, T]], read_one: Callable[[T], Row], place: Callable[[str], str] = _step
) -> list[Row]:
    found, problems = [], []
    for number, line in lines:
        try:
            row = read_one(line)
            wrong = list(cases.problems(row.case))
        except Refused as refused:
            row, wrong = None, list(refused.problems)
        problems += [_at(number, one, place) for one in wrong]
        if row is not None:
            found.append(row)
    if problems:
        raise Refused(*problems[:20])
    return found


def _at(number: int, problem: Problem, place: Callable[[str], str] = _step) -> Problem:
    field = place(problem.pointer)
    if field:
        words = said("Line %(line)s, %(field)s: %(what)s", line=number, field=field, what=problem.message)
    else:
        words = said("Line %(line)s: %(what)s", line=number, what=problem.message)
    return Problem("/text", words, problem.code)


def _of_cells(cells: Mapping[str, str]) -> Row:
    """A line of a table; all that is wrong in it is told at once."""
    wrong: list[Problem] = []
    prompt, name = cells.get("prompt", "").strip(), cells.get("operation", "").strip()
    turns = _json(prompt) if prompt.startswith("[") else None
    calls, arguments = _json_of(cells, "calls", wrong) or [], _json_of(cells, "arguments", wrong)
    if name or arguments:
        calls = [{"operation": name, "arguments": arguments or {}}]
    flags = {one: _flag(cells, one, wrong) for one in ("ordered", "others", "closed", "consent", "enabled")}
    data = {
        "turns": turns if isinstance(turns, list) else [prompt],
        "calls": calls,
        "kind": cells.get("kind", "").strip() or ("direct" if calls else "negative"),
        "language": cells.get("language", "").strip(),
        "never": [one.strip() for one in cells.get("never", "").split(";") if one.strip()],
        **flags,
    }
    made = cases.load(data)
    if wrong:
        raise Refused(*wrong, *cases.problems(made))
    return Row(cells.get("name", ""), made, flags["enabled"] is not False, cells.get("note", ""))


def _flag(cells: Mapping[str, str], name: str, wrong: list[Problem]) -> bool | None:
    text = cells.get(name, "").strip().lower()
    if text not in (*_YES, *_NO):
        wrong.append(Problem(f"/{name}", said("Write yes or no."), "flag"))
    return None if not text else text in _YES


def _json_of(cells: Mapping[str, str], name: str, wrong: list[Problem]) -> JSON:
    text = cells.get(name, "").strip()
    found, (wanted, words) = _json(text), _WANTED[name]
    if text and not isinstance(found, wanted):
        wrong.append(Problem(f"/{name}", words, "json"))
    return found if isinstance(found, wanted) else None


_WANTED: Mapping[str, tuple[type, Said]] = {
    "arguments": (dict, said("Write a JSON object, such as %(example)s.", example='{"title": "milk"}')),
    "calls": (
        list,
        said(
            "Write a list as JSON, such as %(example)s.",
            example='[{"operation": "addTodo", "arguments": {"title": "milk"}}]',
        ),
    ),
}


def _of_object(data: Mapping[str, JSON]) -> Row:
    given = dict(data)
    if "prompt" in given:
        given["turns"] = [given.pop("prompt")]
    if unknown := set(given) - set(cases.dump(Case(()))) - {"name", "enabled", "note"}:
        raise Refused(Problem(f"/{sorted(unknown)[0]}", said("There is no such field."), "unknown"))
    made = cases.load({"kind": "direct" if given.get("calls") else "negative", **given})
    return Row(str(given.get("name") or ""), made, given.get("enabled") is not False, str(given.get("note") or ""))


def _of_bfcl(data: Mapping[str, JSON], truth: JSON) -> Row:
    question = data["question"]
    messages = question[0] if question and isinstance(question, list) and isinstance(question[0], list) else question
    turns = tuple(
        Turn(str(one.get("content", "")), str(one.get("role", "user")))
        for one in messages
        if isinstance(one, dict) and one.get("role") != "system"
    )
    calls = tuple(_accepted(name, given) for one in truth if isinstance(one, dict) for name, given in one.items())
    made = Case(turns, calls, "direct" if calls else "negative", closed=True)
    return Row(str(data.get("id", "")), made)


def _accepted(name: str, given: JSON) -> Wanted:
    found = given.items() if isinstance(given, dict) else ()
    return Wanted(name, {key: Matcher("any-of", one if isinstance(one, list) else [one]) for key, one in found})


def _of_test(data: JSON) -> Row:
    """A test whose metadata holds the case, as we write it; else its first variable, and the call of its assertion."""
    if not isinstance(data, dict):
        raise Refused(Problem("", said("A test is a JSON object."), "json"))
    kept = data.get("metadata", {}).get("case") if isinstance(data.get("metadata"), dict) else None
    if isinstance(kept, dict):
        return replace(_of_object(kept), name=str(data.get("description") or ""))
    variables = data.get("vars")
    given: dict[str, JSON] = variables if isinstance(variables, dict) else {}
    text = next((given[key] for key in ("prompt", "message", "query", "input", "question") if key in given), None)
    text = next(iter(given.values()), "") if text is None else text
    calls = []
    for one in data.get("assert") or ():
        value = one.get("value") if isinstance(one, dict) else None
        if isinstance(value, dict) and isinstance(value.get("name"), str):
            calls.append({"operation": value["name"], "arguments": value.get("arguments") or {}})
    made = cases.load({"turns": [str(text)], "calls": calls, "kind": "direct" if calls else "negative"})
    return Row(str(data.get("description") or ""), made)


def _to_csv(rows: list[Row]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([_guarded(cell) for cell in _cells(row)])
    return out.getvalue()


def _cells(row: Row) -> Iterator[str]:
    case, data = row.case, cases.dump(row.case)
    one = len(case.calls) == 1
    first = case.turns[0].text
    plain = len(case.turns) == 1 and first == first.strip() and first[:1] != "["  # else a reader takes it for another
    consent = "" if case.consent is None else _yes(case.consent)
    yield from (row.name, first if plain else _text(data["turns"]), case.kind, case.language)
    yield case.calls[0].operation if one else ""
    yield _text(data["calls"][0]["arguments"]) if one and case.calls[0].arguments else ""
    yield _text(data["calls"]) if len(case.calls) > 1 else ""
    yield from (_yes(case.ordered), ";".join(case.never), _yes(case.others), _yes(case.closed), consent)
    yield from (_yes(row.enabled), row.note)


def _to_jsonl(rows: list[Row]) -> str:
    return "".join(f"{_text(_whole(row))}\n" for row in rows)


def _whole(row: Row) -> dict[str, JSON]:
    return {"name": row.name, **cases.dump(row.case), "enabled": row.enabled, "note": row.note}


def _to_promptfoo(rows: list[Row]) -> str:
    tests = [
        {
            "description": row.name,
            "vars": {"prompt": row.case.utterance},
            "metadata": {"kind": row.case.kind, "language": row.case.language, "case": _whole(row)},
            "assert": [{"type": "is-valid-openai-tools-call"}] if row.case.calls else [],
        }
        for row in rows
    ]
    return json.dumps({"prompts": ["{{prompt}}"], "tests": tests}, ensure_ascii=False, indent=2) + "\n"


def _to_bfcl(rows: list[Row]) -> str:
    """What BFCL can say: values that are accepted. Matchers of other kinds are left out."""
    return "".join(f"{_text(_bfcl_of(row, n))}\n" for n, row in enumerate(rows))


def _bfcl_of(row: Row, n: int) -> dict[str, JSON]:
    truth = [
        {
            one.operation: {
                name: matcher.value if matcher.op == "any-of" else [matcher.value]
                for name, matcher in one.arguments.items()
                if matcher.op in ("any-of", "equals")
            }
        }
        for one in row.case.calls
    ]
    messages = [{"role": turn.role, "content": turn.text} for turn in row.case.turns]
    return {"id": f"prompt_{n}", "question": [messages], "ground_truth": truth}


WRITERS: Mapping[str, Callable[[list[Row]], str]] = {
    "csv": _to_csv,
    "jsonl": _to_jsonl,
    "bfcl": _to_bfcl,
    "promptfoo": _to_promptfoo,
}


def _guarded(cell: str) -> str:
    """No formula to a spreadsheet. A text that looks guarded already is guarded once more: it was typed like that."""
    return f"'{cell}" if cell.lstrip("'").startswith(_FORMULA) else cell


def _unguarded(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and cell.lstrip("'").startswith(_FORMULA) else cell


def _yes(flag: bool) -> str:
    return "yes" if flag else "no"


def _text(value: JSON) -> str:
    return json.dumps(value, ensure_ascii=False)


def _json(text: str) -> JSON:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _object(line: str, number: int = 0) -> dict[str, JSON]:
    found = _json(line)
    if not isinstance(found, dict):
        problem = Problem("", said("A line is one JSON object."), "json")
        raise Refused(_at(number, problem) if number else problem)
    return found
