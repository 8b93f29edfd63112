"""Operations that are about the same rows: found from one path; what the rows are and what each operation does."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from actionstudio.core.behaviour import Collection, Stateful
from actionstudio.core.collections import reading
from actionstudio.core.collections.fields import plain, singular
from actionstudio.core.collections.layout import Finder, Layout
from actionstudio.core.collections.roles import Row
from actionstudio.core.contract import Operation
from actionstudio.core.importer.repairs.path_parameters import TEMPLATE
from actionstudio.core.resolve import Resolver
from actionstudio.core.schemas import refs
from actionstudio.core.schemas.shape import Shape, shape_of
from actionstudio.core.words import said

type JSON = Any

_LIST = {"GET": "list", "POST": "create", "PUT": "replace", "PATCH": "update", "DELETE": "clear"}
_ROW = {"GET": "read", "POST": "update", "PUT": "replace", "PATCH": "update", "DELETE": "delete"}
_IDS = ("id", "uuid", "key", "slug", "code", "number", "handle", "username", "name")
_WRAPS = ("data", "item", "result", "record", "entry")


@dataclass(frozen=True, slots=True)
class Family:
    """``list_path`` and ``row_path`` ("" when there is none) and the operations there, and beside them (findByStatus).

    ``name`` is the path's word for the rows. ``only`` says that there is one thing and no list (/settings).
    """

    list_path: str
    row_path: str
    operations: tuple[Operation, ...]
    name: str
    only: bool = False

    @property
    def places(self) -> tuple[tuple[str, str], ...]:
        return tuple((op.method, op.path) for op in self.operations)

    def op(self, method: str, path: str) -> Operation | None:
        return next((op for op in self.operations if (op.method, op.path) == (method, path)), None)


def of(resolver: Resolver, path: str, method: str) -> Family | None:
    """The family that ``path`` belongs to; None when the document has no such path."""
    ops = resolver.contract.operations
    paths = list(dict.fromkeys(op.path for op in ops))
    if path not in paths or (method and not any((op.method, op.path) == (method, path) for op in ops)):
        return None
    list_path, row_path = _pair(resolver, path, paths)
    name = _word(list_path or row_path)
    here = [op for op in ops if op.path in (list_path, row_path) and op.method in _LIST]
    here += _beside(resolver, list_path, row_path, paths, name)
    getting = [op for op in here if op.method == "GET"]
    only = bool(getting) and not row_path and not any(_lists(resolver, op, name) for op in here)
    family = Family(list_path, row_path, tuple(here), name)
    return replace(family, only=only and not _asked_for(resolver, family))


def _pair(resolver: Resolver, path: str, paths: list[str]) -> tuple[str, str]:
    """The list's path and the row's. A path that ends with a parameter is a list when it answers with one."""
    getting = {op.path: op for op in resolver.contract.operations if op.method == "GET"}
    if reading.last_parameter(path):
        word = _word(path)
        if path in getting and _lists(resolver, getting[path], word):
            return path, _child(path, paths)
        parent = path.rpartition("/")[0]
        if parent in paths:
            return parent, path
        return _akin(parent, paths) or parent, path
    child = _child(path, paths)
    if child and child in getting and _lists(resolver, getting[child], _word(path)):
        child = ""
    return path, child or _akin_child(path, paths)


def _child(path: str, paths: list[str]) -> str:
    return next((one for one in paths if one.startswith(path + "/") and _ends(one, path)), "")


def _ends(one: str, path: str) -> bool:
    rest = one[len(path) + 1 :]
    return "/" not in rest and bool(TEMPLATE.fullmatch(rest))


def _akin(parent: str, paths: list[str]) -> str:
    """``/pets`` for ``/pet``: the same word in another number."""
    wanted = plain(singular(parent))
    return next((one for one in paths if one != parent and plain(singular(one)) == wanted), "")


def _akin_child(path: str, paths: list[str]) -> str:
    wanted = plain(singular(path))
    for one in paths:
        head, _, last = one.rpartition("/")
        if TEMPLATE.fullmatch(last) and head != path and plain(singular(head)) == wanted:
            return one
    return ""


def _word(path: str) -> str:
    words = [segment for segment in path.split("/") if segment and "{" not in segment]
    return words[-1] if words else "rows"


def _lists(resolver: Resolver, op: Operation, word: str) -> bool:
    """Whether an operation answers with a list: bare, or under a name that lists have."""
    told = reading.success(resolver, op)
    if told.media is None or not reading.is_json(told.media.media_type):
        return False
    layout = Finder(None, resolver.components, word).rows(told.schema, told.example)
    if layout.kind != "rows":
        return False
    if told.schema is None:
        return isinstance(told.example, list)
    named = {plain(word), plain(singular(word)), plain(word + "s")}
    return not layout.way or plain(layout.way[-1]) in named | _LISTS


_LISTS = {"data", "items", "results", "rows", "records", "entries", "list", "values", "content", "hits", "elements"}


def _beside(resolver: Resolver, list_path: str, row_path: str, paths: list[str], word: str) -> list[Operation]:
    """Lists of the same rows below the list's path, such as ``/pet/findByStatus``; and what stands under the other
    number of its word."""
    heads = {list_path, row_path.rpartition("/")[0] if row_path else list_path}
    near = {one for one in paths if any(one.startswith(head + "/") for head in heads if head)}
    row = None
    out = []
    for op in resolver.contract.operations:
        if op.path in (list_path, row_path) or op.method not in _LIST:
            continue
        if op.path in heads:
            out.append(op)
        elif op.path in near and op.method == "GET" and "{" not in op.path[len(list_path) :]:
            row = row if row is not None else _known_row(resolver, list_path, row_path, word)
            told = reading.success(resolver, op)
            layout = Finder(row, resolver.components, word).rows(told.schema, told.example)
            if layout.kind == "rows" and row is not None and _items(resolver, layout) == row:
                out.append(op)
    return out


def _known_row(resolver: Resolver, list_path: str, row_path: str, word: str) -> JSON:
    ops = tuple(op for op in resolver.contract.operations if op.path in (list_path, row_path) and op.method in _LIST)
    return row_schema(resolver, Family(list_path, row_path, ops, word))


def _items(resolver: Resolver, layout: Layout) -> JSON:
    return None if layout.schema is None else shape_of(layout.schema, resolver.components).items


def shape(resolver: Resolver, schema: JSON) -> Shape:
    """The shape of a schema, of anything for None."""
    return Shape() if schema is None else shape_of(schema, resolver.components)


def row_schema(resolver: Resolver, found: Family) -> JSON:
    """The schema of a row: what reading one answers (it has most fields), else the list's, else what is sent."""
    listed = None
    for op in found.operations:
        if op.method == "GET" and op.path != found.row_path and _lists(resolver, op, found.name):
            told = reading.success(resolver, op)
            layout = Finder(None, resolver.components, found.name).rows(told.schema, told.example)
            items = _items(resolver, layout) if layout.kind == "rows" else None
            listed = listed if listed is not None or items is True else items
    single: JSON = None
    places = [("GET", found.row_path), ("POST", found.list_path), ("PUT", found.row_path)]
    if listed is None:
        places.insert(1, ("GET", found.list_path))
    for method, path in places:
        one = found.op(method, path)
        single = single if single is not None or one is None else _single(resolver, one, found.name)
    if listed is None or single is None:
        return listed if listed is not None else single if single is not None else _sent(resolver, found)
    shown = found.row_path or shape(resolver, listed).properties
    return single if shown and _richer(resolver, single, listed) else listed


def _richer(resolver: Resolver, one: JSON, other: JSON) -> bool:
    """Whether a schema has most fields of another and not fewer in all; a list of ids has none."""
    mine, theirs = shape(resolver, one).properties.keys(), shape(resolver, other).properties.keys()
    return not theirs or (2 * len(mine & theirs) > len(theirs) and len(mine) >= len(theirs))


def _single(resolver: Resolver, op: Operation, word: str) -> JSON:
    """The row in the answer of an operation that shows one."""
    told = reading.success(resolver, op)
    if told.media is None or not reading.is_json(told.media.media_type) or told.schema is None:
        return None
    properties = shape(resolver, told.schema).properties
    if not properties:
        return None
    inner = [
        (name, value)
        for name, value in properties.items()
        if plain(name) in {*_WRAPS, plain(word), plain(singular(word))} and shape(resolver, value).properties
    ]
    return inner[0][1] if len(inner) == 1 and len(properties) <= 3 else told.schema


def _sent(resolver: Resolver, found: Family) -> JSON:
    for op in found.operations:
        schema = reading.body_schema(resolver, op)
        if op.method in ("POST", "PUT") and schema is not None and shape(resolver, schema).properties:
            return schema
    return None


def id_field(resolver: Resolver, found: Family, row: JSON, name: str) -> str:
    """The field that names a row, "" when it has none: told from the path's parameter, else from usual names."""
    properties = shape(resolver, row).properties
    if row is None:
        return "" if found.only else "id"
    if found.only or not properties:
        return ""
    single = plain(singular(name))
    wanted = _asked_for(resolver, found)
    if found.row_path:
        asked = plain(reading.last_parameter(found.row_path))
        wanted += [asked, asked.removeprefix(single) or asked]
    wanted += ["id", single + "id", *_IDS[1:6]]
    simple = {plain(one): one for one, schema in reversed(list(properties.items())) if _names(resolver, schema)}
    return next((simple[one] for one in wanted if one in simple), "")


def _asked_for(resolver: Resolver, found: Family) -> list[str]:
    """The query parameter that a call must carry where the answer is one row: it names the row."""
    for op in found.operations:
        if op.method == "GET" and op.path != found.row_path and not _lists(resolver, op, found.name):
            needed = [one for one in resolver.parameters(op) if one.in_ == "query" and one.required]
            if len(needed) == 1:
                return [plain(needed[0].name)]
    return []


def _names(resolver: Resolver, schema: JSON) -> bool:
    kinds = shape(resolver, schema).kinds
    return not kinds or bool(kinds & {"string", "integer", "number"})


def partition(resolver: Resolver, found: Family, collection: Collection) -> str:
    """The path parameters above the rows that are no fields of theirs: each value has a list of its own."""
    row = Row(collection.schema, resolver.components)
    ops = [op for op in found.operations if op.path == found.list_path] or list(found.operations[:1])
    if not ops:
        return ""
    key = f"path.{reading.last_parameter(found.row_path)}" if found.row_path == ops[0].path else ""
    fields = reading.parents(ops[0], row, key, collection)
    names = [name for name in TEMPLATE.findall(found.list_path) if name not in fields]
    return ",".join(f"path.{name}" for name in names)


def behaviour(resolver: Resolver, found: Family, op: Operation, collection: Collection) -> Stateful | None:
    """What an operation of the family does with the rows; None when that cannot be told."""
    name = collection.name
    if found.only:
        return Stateful(name, {**_ROW, "POST": "replace"}[op.method], by="only")
    if op.path == found.row_path:
        by = "id" if collection.id_field else "position"
        return Stateful(name, _ROW[op.method], key=reading.key_source(resolver, op, collection), by=by)
    action = _LIST[op.method]
    if action == "list":
        return _getting(resolver, op, collection, found)
    if action == "create":
        return Stateful(name, "create", item=_item(resolver, op, collection))
    if action == "clear":
        return _deleting(resolver, op, collection)
    key = reading.key_source(resolver, op, collection)
    return Stateful(name, action, key=key, item=_item(resolver, op, collection))


def _getting(resolver: Resolver, op: Operation, collection: Collection, found: Family) -> Stateful:
    """A list, unless a parameter that must be sent names the row."""
    key = reading.key_source(resolver, op, collection)
    told = reading.success(resolver, op)
    finder = Finder(collection.schema, resolver.components, collection.name)
    is_list = finder.rows(told.schema, told.example).kind == "rows" and _lists(resolver, op, found.name)
    if key and not is_list:
        return Stateful(collection.name, "read", key=key)
    return Stateful(collection.name, "list")


def _deleting(resolver: Resolver, op: Operation, collection: Collection) -> Stateful:
    """One row when the call names it, by id or by its place in the list; else all of them."""
    key = reading.key_source(resolver, op, collection)
    if key:
        return Stateful(collection.name, "delete", key=key)
    key = reading.key_source(resolver, op, collection, "position")
    if not key:
        return Stateful(collection.name, "clear")
    declared = {response.status.lower() for response in op.responses}
    missing = "" if declared & {"404", "4xx", "default"} else "keep"
    return Stateful(collection.name, "delete", key=key, by="position", missing=missing)


def _item(resolver: Resolver, op: Operation, collection: Collection) -> str:
    """Where the row is in the body: ``{"todo": "…"}`` for texts, ``{"pet": {…}}``; "" the body itself."""
    schema = reading.body_schema(resolver, op)
    body, row = shape(resolver, schema), shape(resolver, collection.schema)
    if schema is None or not body.properties:
        return ""
    if not row.properties and row.kinds and "object" not in row.kinds:
        fitting = [name for name, value in body.properties.items() if shape(resolver, value).kinds & row.kinds]
        return refs.pointer((fitting[0],)) if fitting else ""
    finder = Finder(collection.schema, resolver.components, collection.name)
    layout = finder.row(schema)
    return layout.pointer if layout.kind == "row" and len(body.properties) <= 2 else ""


def layout(resolver: Resolver, op: Operation, behaviour: Stateful, collection: Collection) -> Layout:
    """How the answer of a stateful operation holds rows."""
    told = reading.success(resolver, op, behaviour.status)
    finder = Finder(collection.schema, resolver.components, collection.name)
    return layout_of(finder, behaviour, told.media.media_type if told.media else "", told.schema, told.example)


def layout_of(finder: Finder, behaviour: Stateful, media_type: str, schema: JSON, example: JSON) -> Layout:
    """The same from its parts: the builder's choice first, then the schema, then the example."""
    wanted = behaviour.answer or ("rows" if behaviour.action == "list" else "row")
    if wanted in ("nothing", "example"):
        return Layout("other", why=said("chosen by the builder"))
    if not media_type:
        return Layout("other", why=said("the answer has no body"))
    if not reading.is_json(media_type):
        return Layout("other", why=said("the answer is %(kind)s, not JSON", kind=media_type))
    if behaviour.rows_at:
        return finder.at(wanted, behaviour.rows_at, schema, behaviour.total_at)
    if wanted == "rows":
        found = finder.rows(schema, example)
        if behaviour.total_at and found.kind == "rows":
            return finder.at("rows", found.pointer, schema, behaviour.total_at)
        return found
    if behaviour.answer == "" and behaviour.action == "clear":
        return Layout("other", why=said("all rows are gone"))
    found = finder.row(schema, example)
    if found.kind == "other" and behaviour.answer == "":
        listed = finder.rows(schema, example)
        return listed if listed.kind == "rows" and finder.holds(listed) else found
    return found


def misfit(resolver: Resolver, op: Operation, behaviour: Stateful, collection: Collection) -> str:
    """Why the answer of an operation cannot show what its action gives, "" when it can. Asked of actions that exist to
    show rows; what changes them may answer with anything."""
    if behaviour.answer not in ("", "row", "rows") or (
        not behaviour.answer and behaviour.action not in ("list", "read")
    ):
        return ""
    found = layout(resolver, op, behaviour, collection)
    if found.kind == "other":
        return found.why
    told = reading.success(resolver, op, behaviour.status)
    finder = Finder(collection.schema, resolver.components, collection.name)
    if behaviour.action == "list" and found.way and not behaviour.rows_at and collection.schema is not None:
        alone = finder.row(told.schema, told.example)
        if alone.kind == "row" and not alone.way and not finder.holds(found):
            return alone.why
    return ""
