"""What a call wants of the rows of a collection, and what becomes of them: pure functions of a table.

A deed may be tried more than once before it is committed, so nothing here remembers anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from actionstudio.core.behaviour import Collection, Stateful
from actionstudio.core.collections import reading
from actionstudio.core.collections.asking import Asking
from actionstudio.core.collections.fields import MISSING, at
from actionstudio.core.collections.filling import Link
from actionstudio.core.collections.ids import LONGEST, Ids, text_of_id, with_id
from actionstudio.core.collections.roles import Row
from actionstudio.core.collections.rows import Maker, merged
from actionstudio.core.problem import Problem
from actionstudio.core.schemas.forms import FormReader, files_as_text
from actionstudio.core.schemas.shape import compile_text, shape_of
from actionstudio.core.templating import Missing
from actionstudio.core.words import said
from actionstudio.runtime.arrived import body_of, pairs_of
from actionstudio.runtime.ports import Table, Write

if TYPE_CHECKING:
    from actionstudio.runtime.operation import Served
    from actionstudio.runtime.visit import Visit

type Deed = tuple[Write | None, Any]
type Tests = Sequence[Callable[[Any], bool]]
ONLY = "1"  # the key of a row that is the only one


class Asked(NamedTuple):
    """What a call brings: the key of its row (None: it names none), and rows or changes of rows. ``many``: as a list;
    ``set`` are fields that the path says."""

    key: str | None
    items: tuple[Any, ...] = ()
    many: bool = False
    set: Mapping[str, Any] = {}


class Bad(NamedTuple):
    """The call cannot be done; what is wrong with it."""

    problems: list[Problem]


class Taken(NamedTuple):
    """A row with this id is there already."""

    key: str


class Gone(NamedTuple):
    """There is no such row."""


class Keep(NamedTuple):
    """There is no such row, and the answer is as if there had been."""


class Done(NamedTuple):
    """A deed that was done: the row it was about, or several that came; how many rows there are now.

    ``left`` are the rows as they are now, for answers that show the whole list."""

    key: str
    row: Any
    after: int
    created: bool = False
    rows: list[Any] | None = None
    left: Callable[[], list[Any]] = list


class Deeds:
    """Reads the calls of one stateful operation and does what they ask."""

    def __init__(self, served: Served, behaviour: Stateful, collection: Collection) -> None:
        resolver, operation = served.house.resolver, served.operation
        components = resolver.components
        self._behaviour = behaviour
        self._collection = collection
        self._row = Row(collection.schema, components)
        self._key = behaviour.key or reading.key_source(resolver, operation, collection, behaviour.by)
        self._ids = Ids(collection, components)
        self._item = tuple(token.replace("~1", "/").replace("~0", "~") for token in behaviour.item.split("/")[1:])
        self._schema = reading.body_schema(resolver, operation)
        self._maker = Maker(collection, components, None if behaviour.item else self._schema)
        self._forms = None if self._schema is None else FormReader(self._schema, components)
        self._bodiless = operation.body is None
        self._upserts = "201" in served.answers.by_status
        place, _, name = self._key.partition(".")
        self.by_header = place == "header"
        self.by_path = place == "path"
        used = {part.partition(".")[2] for part in reading.partitions(collection) if part.startswith("query.")}
        used |= {name} if place == "query" else set()
        self.asking = Asking(resolver.parameters(operation), self._row, components, frozenset(used))
        self.parents = reading.parents(operation, self._row, self._key, collection)
        self._texts = {name: compile_text(schema, components) for name, schema in self._row.properties.items()}
        self._lists = collection.schema is not None and shape_of(collection.schema, components).kinds == {"array"}

    def link(self, path: str, pairs: Sequence[tuple[str, str]]) -> Link:
        shift = next((role.shift for role in self.asking.roles.values() if role.what == "page"), 0)
        return Link(path, pairs, self.asking.names, shift)

    def key(self, visit: Visit, body: Any = MISSING) -> str | None:
        """The text that names the row; None when the call names none."""
        if self._behaviour.by == "only":
            return ONLY
        place, _, name = self._key.partition(".")
        if place == "path":
            return (visit.values or {}).get(name)
        if place == "query":
            return next((text for key, text in pairs_of(visit.call.query) if key == name), None)
        if place == "header":
            return visit.headers.get(name.lower())
        if place == "body":
            body = self._body(visit) if body is MISSING else body
            return text_of_id(_at(body, name))
        return None

    def find(self, table: Table, key: str | None, parents: Tests = ()) -> str | None:
        """The key in the table of the row that a call means; without a name the first row."""
        rows = table.rows
        if self._behaviour.by == "position" and key is not None:
            number = int(key) if key.isascii() and key.isdigit() and len(key) < 10 else -1
            keys = [one for one in rows if all(test(rows[one]) for test in parents)]
            return keys[number] if 0 <= number < len(keys) else None
        if key is None or self._behaviour.by == "only":
            return next((one for one in rows if all(test(rows[one]) for test in parents)), None)
        return key if key in rows and all(test(rows[key]) for test in parents) else None

    def read(self, visit: Visit) -> Asked | Bad:
        """What a call that changes something brings."""
        action = self._behaviour.action
        body = self._body(visit)
        key = self.key(visit, body)
        if action in ("delete", "clear"):
            return Asked(key)
        if body is _NOTHING:
            body = self._from_query(visit) if self._bodiless else MISSING
        item = _at(body, self._item) if self._item else body
        if item is MISSING:
            where = "".join(f"/{step}" for step in self._item)
            message = said("must hold the row") if not where else said("must hold the row at %(at)s", at=where)
            return Bad([Problem(f"/body{where}", message, "required")])
        if isinstance(item, _Unread):
            return Bad([Problem("/body", item.why, "body")])
        many = isinstance(item, list) and not self._lists and (key is None or action == "create")
        items = tuple(item) if many else (item,)
        if self._collection.id_field or action == "update":
            for place, one in enumerate(items):
                if not isinstance(one, dict) and (self._collection.id_field or action != "update"):
                    where = f"/body{''.join(f'/{step}' for step in self._item)}{f'/{place}' if many else ''}"
                    return Bad([Problem(where, said("must be an object"), "type")])
        values = visit.values or {}
        fixed = {field: self._texts[field](values[name]) for name, field in self.parents.items() if name in values}
        return Asked(key, items, many, fixed)

    def do(self, table: Table, asked: Asked, parents: Tests, fresh: Sequence[str]) -> Deed:
        """The deed: what is to be written, and what came of it."""
        action = self._behaviour.action
        if action == "create":
            return self._create(table, asked, fresh)
        if action == "clear":
            return self._clear(table, parents)
        if asked.many or (asked.key is None and action != "delete" and self._names_none()):
            return self._whole(table, asked, parents, fresh)
        key = self.find(table, asked.key, parents)
        if action == "delete":
            return self._delete(table, key)
        return self._put(table, asked, key, fresh)

    def _names_none(self) -> bool:
        return not self._key and self._behaviour.by != "only"

    def _create(self, table: Table, asked: Asked, fresh: Sequence[str], clear: bool = False) -> Deed:
        if self._behaviour.by == "only":
            row = self._maker.complete(asked.items[0], ONLY)
            return Write({ONLY: row}, clear=True), Done(ONLY, row, 1, True)
        rows: dict[str, Any] = {} if clear else dict(table.rows)
        puts: dict[str, Any] = {}
        for item, unique in zip(asked.items, fresh, strict=False):
            made = self._new(rows, item, asked.set, unique, None)
            if isinstance(made, Bad | Taken):
                return None, made
            key, row = made
            rows[key] = puts[key] = row
        last = next(reversed(puts), "")
        several, one = (list(puts.values()), None) if asked.many else (None, puts[last])
        return Write(puts, clear=clear), Done(last, one, len(rows), True, several, lambda: list(rows.values()))

    def _new(
        self, rows: Mapping[str, Any], item: Any, fixed: Mapping[str, Any], fresh: str, named: str | None
    ) -> tuple[str, Any] | Bad | Taken:
        """A new row and its key. ``named``: the id that the call's path says."""
        field = self._collection.id_field
        if isinstance(item, dict):
            item = {**item, **{name: value for name, value in fixed.items() if name not in item}}
        given = at(item, field) if field else MISSING
        if named is not None:
            given = self._ids.typed(named)
            item = with_id(item, field, given) if field else item
        if given is MISSING or given is None:
            key, value = self._ids.new(rows, lambda: fresh)
            if field:
                item = with_id(item, field, value)
            return key, self._maker.complete(item, key)
        known = text_of_id(given)
        if known is None:
            message = said("must be a whole number, or a text of 1 to %(n)s characters", n=LONGEST)
            return Bad([Problem(f"/body/{field.replace('.', '/')}", message, "id")])
        if known in rows:
            return Taken(known)
        return known, self._maker.complete(item, known)

    def _whole(self, table: Table, asked: Asked, parents: Tests, fresh: Sequence[str]) -> Deed:
        """Without a row's name PUT replaces the whole list and PATCH adds to it, as Mockoon's CRUD routes do."""
        if self._behaviour.action == "replace":
            return self._create(Table({}, table.version), asked, fresh, clear=True)
        return self._create(table, asked, fresh)

    def _clear(self, table: Table, parents: Tests) -> Deed:
        if not parents:
            return Write(clear=True), Done("", None, 0)
        gone = [key for key, row in table.rows.items() if all(test(row) for test in parents)]
        return Write(gone=gone), Done("", None, len(table.rows) - len(gone))

    def _delete(self, table: Table, key: str | None) -> Deed:
        if key is None:
            return None, self._absent()
        rows = table.rows
        left = lambda: [row for one, row in rows.items() if one != key]  # noqa: E731
        return Write(gone=(key,)), Done(key, rows[key], len(rows) - 1, left=left)

    def _absent(self) -> Gone | Keep:
        return Keep() if self._behaviour.missing == "keep" else Gone()

    def _put(self, table: Table, asked: Asked, key: str | None, fresh: Sequence[str]) -> Deed:
        """Replace or change one row; where a PUT declares 201, one that is not there is made."""
        item, replaces = asked.items[0], self._behaviour.action == "replace"
        if key is None:
            if not (self._upserts and replaces) and self._behaviour.by != "only":
                return None, self._absent()
            return self._make(table, asked, fresh)
        old = table.rows[key]
        if replaces or not isinstance(old, dict):
            row = self._maker.replaced(old, {**item, **asked.set} if isinstance(item, dict) else item, key)
        else:
            row = self._maker.with_id_of(old, merged(old, item))
        return Write({key: row}), Done(key, row, len(table.rows), left=lambda: _with(table, key, row))

    def _make(self, table: Table, asked: Asked, fresh: Sequence[str]) -> Deed:
        if self._behaviour.by == "only":
            row = self._maker.complete(asked.items[0], ONLY)
            return Write({ONLY: row}), Done(ONLY, row, 1, True)
        named = None if self._behaviour.by == "position" else asked.key
        made = self._new(table.rows, asked.items[0], asked.set, fresh[0], named)
        if isinstance(made, Bad | Taken):
            return None, made
        key, row = made
        return Write({key: row}), Done(key, row, len(table.rows) + 1, True, left=lambda: _with(table, key, row))

    def _body(self, visit: Visit) -> Any:
        """The body as a value, forms typed by their schema."""
        raw, content_type = visit.call.body, visit.headers.get("content-type", "")
        if not raw:
            return _NOTHING
        value = body_of(content_type, raw, self._forms)
        if isinstance(value, Missing):
            return _Unread(value.why)
        return files_as_text(value) if content_type.lower().startswith("multipart/") else value

    def _from_query(self, visit: Visit) -> Any:
        """Fields in the query, where an operation declares them there and no body."""
        pairs = dict(pairs_of(visit.call.query))
        roles = self.asking.roles
        found = {}
        for name, role in roles.items():
            if role.what == "filter" and role.path in self._texts and name in pairs:
                found[role.path] = self._texts[role.path](pairs[name])
        return found


def _with(table: Table, key: str, row: Any) -> list[Any]:
    return list({**table.rows, key: row}.values())


class _Unread(NamedTuple):
    why: str


_NOTHING: Any = _Unread("no body was sent")


def _at(value: Any, way: str | Sequence[str]) -> Any:
    """What stands at a JSON Pointer (or its steps) in a body; MISSING when nothing does."""
    steps = way.split("/")[1:] if isinstance(way, str) else way
    for step in steps:
        name = step.replace("~1", "/").replace("~0", "~") if isinstance(way, str) else step
        if isinstance(value, dict):
            value = value.get(name, MISSING)
        else:  # a place in a list (RFC 6901, section 4)
            value = at(value, name) if isinstance(value, list) and name.isdecimal() else MISSING
    return value
