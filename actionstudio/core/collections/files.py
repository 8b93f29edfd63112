"""Rows from a JSON or CSV text, and back: what a person uploads to begin a collection, and what is downloaded.

Sources: RFC 8259 (JSON) and RFC 4180 (CSV, with a header line). In CSV a field ``owner.city`` lies in an object; a cell
is read as the type that the schema gives its field, an empty one is no value.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from actionstudio.core.behaviour import Collection
from actionstudio.core.collections.fields import MISSING, at, put
from actionstudio.core.collections.ids import LONGEST, key_of, keyed
from actionstudio.core.collections.rows import Maker
from actionstudio.core.problem import Problem, Refused
from actionstudio.core.schemas.shape import compile_text, shape_of
from actionstudio.core.schemas.validate import Validator
from actionstudio.core.words import said

type JSON = Any

FORMATS = ("json", "csv")
_FORMULA = re.compile(r"'*[=+@\t\r-]")
MOST = 10_000
LARGEST = 20 * 1024 * 1024  # characters
_MOST_PROBLEMS = 20
_GUESSED = {"type": ["integer", "number", "boolean", "null", "array", "object"]}


def read_rows(
    text: str,
    format: str,
    collection: Collection,
    components: Mapping[str, JSON],
    taken: Iterable[str] = (),
    merge: bool = True,
) -> list[JSON]:
    """The rows of a file. Raises Refused with what is wrong and where (line, column or row), nothing half-read.

    JSON: a list, an object with one list in it, or one row a line. A row without an id gets one that is not among
    ``taken``, what only the server sets (readOnly) is made, all else must be as the collection's schema has it. Unless
    they are to ``merge``, rows with an id among ``taken`` are refused.
    """
    text = text.removeprefix("\ufeff")
    if len(text) > LARGEST:
        raise _refused(said("The file is larger than %(n)s million characters.", n=LARGEST // 2**20), "large")
    rows = _csv(text, collection, components) if format == "csv" else [(0, row) for row in _json(text)]
    if len(rows) > MOST:
        raise _refused(said("The file has %(n)s rows; %(most)s are the most.", n=len(rows), most=MOST), "many")
    taken = frozenset(taken)
    problems = list(islice(_ids_wrong(rows, collection, frozenset() if merge else taken), _MOST_PROBLEMS))
    if problems:
        raise Refused(*problems)
    maker = Maker(collection, components)
    made = [
        maker.served(row, key) for key, row in keyed(collection, [row for _, row in rows], components, taken).items()
    ]
    problems = list(islice(_violations(rows, made, maker.checker), _MOST_PROBLEMS))
    if problems:
        raise Refused(*problems)
    return made


def write_rows(rows: Iterable[JSON], format: str, collection: Collection, components: Mapping[str, JSON]) -> str:
    """The rows as a file's text. In CSV lists and objects stand as JSON in their cell; JSON alone keeps everything."""
    rows = list(rows)
    if format == "json":
        return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"
    known = [] if collection.schema is None else list(shape_of(collection.schema, components).properties)
    names = list(dict.fromkeys([*known, *(name for row in rows if isinstance(row, dict) for name in row)]))
    names = [name for name in names if any(isinstance(row, dict) and name in row for row in rows)]
    single = any(not isinstance(row, dict) for row in rows)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*(["value"] if single else []), *map(_cell, names)])
    for row in rows:
        inner = row if isinstance(row, dict) else {}
        first = [""] if isinstance(row, dict) else [_cell(row)]
        writer.writerow([*(first if single else []), *(_cell(inner[name]) if name in inner else "" for name in names)])
    return out.getvalue()


def _cell(value: JSON) -> str:
    """A text that a spreadsheet would take for a formula gets an apostrophe before it, which it does not show (OWASP,
    "CSV Injection"); so does one that begins with such an apostrophe, so that reading gives back what was written."""
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return f"'{value}" if _FORMULA.match(value) else value


def _uncelled(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and _FORMULA.match(cell) else cell


def _json(text: str) -> list[JSON]:
    try:
        value = json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) > 1 and lines[0].strip().startswith("{") and lines[0].strip().endswith("}"):
            return _json_lines(text)
        raise _refused(_where(error, error.lineno), "json") from error
    except (ValueError, RecursionError) as error:
        raise _refused(said("The file is no JSON that can be kept: %(why)s.", why=error), "json") from error
    if isinstance(value, list):
        return value
    lists = [inner for inner in value.values() if isinstance(inner, list)] if isinstance(value, dict) else []
    if len(lists) == 1:
        return lists[0]
    raise _refused(said("The file must hold a list of rows, such as [{…}, {…}]."), "json")


def _json_lines(text: str) -> list[JSON]:
    rows = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                rows.append(json.loads(line, parse_constant=_no_constant))
            except json.JSONDecodeError as error:
                raise _refused(_where(error, number), "json") from error
            except (ValueError, RecursionError) as error:
                raise _refused(said("Line %(line)s: %(why)s.", line=number, why=error), "json") from error
    return rows


def _where(error: json.JSONDecodeError, line: int) -> str:
    return said("Line %(line)s, column %(column)s: %(why)s.", line=line, column=error.colno, why=error.msg)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no number in JSON")


def _csv(text: str, collection: Collection, components: Mapping[str, JSON]) -> list[tuple[int, JSON]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    lines: list[tuple[int, list[str]]] = []
    try:
        for cells in reader:
            if any(cells):
                lines.append((reader.line_num, [_uncelled(cell) for cell in cells]))
    except csv.Error as error:
        raise _refused(said("Line %(line)s: %(why)s.", line=reader.line_num, why=error), "csv") from error
    if not lines:
        raise _refused(said("The file is empty: its first line must name the fields."), "csv")
    names = _names(lines[0][1])
    single = names == ["value"] and not _has_fields(collection, components)
    schemas = [collection.schema if single else _schema(collection.schema, name, components) for name in names]
    readers = [_reader(schema, components) for schema in schemas]
    rows = []
    for line, cells in lines[1:]:
        if len(cells) != len(names):
            message = "Line %(line)s has %(n)s cells, the first line names %(names)s fields."
            raise _refused(said(message, line=line, n=len(cells), names=len(names)), "csv")
        rows.append((line, _row(names, cells, readers, single)))
    return rows


def _row(names: list[str], cells: list[str], readers: list[Any], single: bool) -> JSON:
    if single:
        return readers[0](cells[0])
    row: JSON = {}
    for name, cell, read in zip(names, cells, readers, strict=True):
        if cell != "":
            row = put(row, name, read(cell))
    return row


def _delimiter(text: str) -> str:
    """Semicolons and tabs are what spreadsheets write where the comma is taken."""
    first = text.split("\n", 1)[0]
    return max((",", ";", "\t"), key=first.count)


def _names(cells: list[str]) -> list[str]:
    names = [cell.strip() for cell in cells]
    for place, name in enumerate(names, 1):
        if not name:
            raise _refused(said("Line 1, column %(column)s: the field has no name.", column=place), "csv")
        if names.index(name) != place - 1:
            raise _refused(
                said("Line 1, column %(column)s: “%(name)s” is there twice.", column=place, name=name), "csv"
            )
    return names


def _has_fields(collection: Collection, components: Mapping[str, JSON]) -> bool:
    return collection.schema is None or bool(shape_of(collection.schema, components).properties)


def _schema(schema: JSON, name: str, components: Mapping[str, JSON]) -> JSON:
    """The schema of a field by its dotted name; None when the row's schema does not know it."""
    if schema is None:
        return None
    properties = shape_of(schema, components).properties
    if name in properties:
        return properties[name]
    head, dot, rest = name.partition(".")
    return _schema(properties[head], rest, components) if dot and head in properties else None


def _reader(schema: JSON, components: Mapping[str, JSON]) -> Any:
    """Reads a cell as its field's type; without one as the number, word, list or object that it clearly is."""
    known = schema is not None and bool(shape_of(schema, components).kinds)
    return compile_text(schema, components) if known else compile_text(_GUESSED, {})


def _ids_wrong(
    rows: list[tuple[int, JSON]], collection: Collection, there: frozenset[str] = frozenset()
) -> Iterator[Problem]:
    """Ids that no row can have, that two rows have, or that a row has which is ``there``."""
    name = collection.id_field
    seen: dict[str, str] = {}
    for place, (line, row) in enumerate(rows) if name else ():
        where = _place(line, place)
        if not isinstance(row, dict):
            yield Problem(f"/{place}", said("%(where)s: must be an object.", where=where), "type")
            continue
        key, given = key_of(row, name), at(row, name)
        if key is None and given is not MISSING:
            message = "%(where)s: %(name)s must be a whole number, or a text of 1 to %(n)s characters."
            yield Problem(f"/{place}", said(message, where=where, name=name, n=LONGEST), "id")
        elif key is not None and key in seen:
            message = "%(where)s: %(name)s %(key)s is there twice; %(first)s has it too."
            yield Problem(f"/{place}", said(message, where=where, name=name, key=key, first=seen[key]), "twice")
        elif key is not None and key in there:
            message = "%(where)s: there is a row %(key)s already. Give it another id, or let new rows replace it."
            yield Problem(f"/{place}", said(message, where=where, key=key), "taken")
        elif key is not None:
            seen[key] = where


def _violations(rows: list[tuple[int, JSON]], made: list[JSON], checker: Validator | None) -> Iterator[Problem]:
    for place, row in enumerate(made if checker is not None else ()):
        if checker is None or checker.ok(row):
            continue
        where = _place(rows[place][0], place)
        for found in checker.violations(row)[:5]:
            field = ".".join(map(str, found.location))
            message = "%(where)s, %(field)s: %(why)s." if field else "%(where)s: %(why)s."
            text = said(message, where=where, field=field, why=found.message)
            yield Problem("".join(f"/{step}" for step in (place, *found.location)), text, found.code)


def _place(line: int, place: int) -> str:
    return said("Line %(line)s", line=line) if line else said("Row %(row)s", row=place + 1)


def _refused(message: str, code: str) -> Refused:
    return Refused(Problem("/file", message, code))
