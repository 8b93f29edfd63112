"""The structural deeds of the editor, one entry each: what a button named ``_op`` does to the state."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from actionstudio.apps.design import forms, settling, shapes
from actionstudio.apps.design import state as states
from actionstudio.apps.design.problems import Problems
from actionstudio.core.contract import Body, Example, Header, Response
from actionstudio.core.schemas import refs

type State = dict[str, Any]


@dataclass(frozen=True)
class Around:
    """What a deed may look at besides the state: the shared schemas by name; and where it reports problems."""

    known: Mapping[str, Any]
    problems: Problems = field(default_factory=Problems)


OPS: dict[str, Callable[[State, str, Around], None]] = {}
QUIET = ("more", "open", "mode")  # deeds that only change what is shown: no step to undo


def op(name: str):
    """Registers a deed. It gets the state to change and what stands after the colon."""

    def register(deed):
        OPS[name] = deed
        return deed

    return register


def apply(state: State, text: str, around: Around) -> bool:
    """Does the deed that a button's value names. False when there is no such deed or row: nothing was changed."""
    name, _colon, argument = text.partition(":")
    if name not in OPS:
        return False
    try:
        OPS[name](state, argument, around)
    except (KeyError, StopIteration, IndexError):
        return False
    return True


def is_quiet(text: str) -> bool:
    """Whether a deed only changes what is shown, so that there is nothing to undo."""
    return bool(set(text.partition(":")[0].split(".")) & set(QUIET))


def _list_of(state: State, key: str) -> list[State]:
    return next(rows for _name, rows, _kind in forms.lists(state) if any(row["k"] == key for row in rows))


def _media_of(state: State, key: str) -> State:
    """The media type in whose rows the field ``key`` stands."""
    return next(media for media in forms.all_media(state) if any(row["k"] == key for row in media["rows"]))


def _at(rows: list[State], key: str) -> int:
    return next(place for place, row in enumerate(rows) if row["k"] == key)


def _span(rows: list[State], start: int) -> int:
    """Where the block of a row and everything below it ends."""
    end = start + 1
    while end < len(rows) and rows[end].get("d", 0) > rows[start].get("d", 0):
        end += 1
    return end


@op("param.add")
def _(state: State, key: str, around: Around) -> None:
    state["params"].append(settling.parameter())


@op("body.add")
def _(state: State, key: str, around: Around) -> None:
    media = states.new_media()
    state["body"] = state["body"] or states.body(Body(required=True, content=(media,)))


@op("body.del")
def _(state: State, key: str, around: Around) -> None:
    state["body"] = None


@op("resp.add")
def _(state: State, key: str, around: Around) -> None:
    used = {row["status"] for row in state["responses"]}
    status = next((code for code in ("200", "400", "401", "404", "422", "500", "default") if code not in used), "")
    made = states.response(Response(status, "", content=(states.new_media(),)))
    state["responses"].append({**made, "opened": True})


@op("head.add")
def _(state: State, key: str, around: Around) -> None:
    forms.rows(state)[key]["headers"].append(states.header(Header("", schema={"type": "string"})))


@op("media.add")
def _(state: State, key: str, around: Around) -> None:
    owner = forms.rows(state)[key]
    used = {row["media_type"] for row in owner["media"]}
    names = ("application/json", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data")
    made = states.media(states.new_media())
    made["media_type"] = next((name for name in names if name not in used), "")
    owner["media"].append(made)


@op("ex.add")
def _(state: State, key: str, around: Around) -> None:
    media = forms.rows(state)[key]
    used = {row["key"] for row in media["examples"]}
    if media["examples"] and "" in used:
        next(row for row in media["examples"] if row["key"] == "")["key"] = (
            "default" if "default" not in used else "first"
        )
    name = "" if not media["examples"] else next(f"example{n}" for n in range(2, 99) if f"example{n}" not in used)
    in_json = states.is_json(media["media_type"])
    made = states.example(Example(name, states.sample(media, around.known) if in_json else ""), in_json)
    media["examples"].append(made)


@op("row.add")
def _(state: State, key: str, around: Around) -> None:
    """A field at the end of a group: of the schema ``key``, or inside the row ``key``."""
    media = forms.rows(state)[key]
    if media["root"]["kind"] not in ("group", "list-group"):
        media["root"]["kind"] = "group"
        shapes.kind_changed(media["root"])
    media["rows"].append(shapes.cell({"type": "string"}))


@op("row.child")
def _(state: State, key: str, around: Around) -> None:
    rows = _media_of(state, key)["rows"]
    start = _at(rows, key)
    rows.insert(_span(rows, start), shapes.cell({"type": "string"}, depth=rows[start]["d"] + 1))


def _delete(state: State, key: str, around: Around) -> None:
    rows = _list_of(state, key)
    start = _at(rows, key)
    del rows[start : _span(rows, start)]


def _up(state: State, key: str, around: Around) -> None:
    """Moves a row, with everything below it, before its previous sibling."""
    rows = _list_of(state, key)
    start = _at(rows, key)
    end, depth = _span(rows, start), rows[start].get("d", 0)
    before = next((n for n in range(start - 1, -1, -1) if rows[n].get("d", 0) <= depth), None)
    if before is not None and rows[before].get("d", 0) == depth:
        block = rows[start:end]
        del rows[start:end]
        rows[before:before] = block


def _down(state: State, key: str, around: Around) -> None:
    rows = _list_of(state, key)
    after = _span(rows, _at(rows, key))
    if after < len(rows) and rows[after].get("d", 0) == rows[_at(rows, key)].get("d", 0):
        _up(state, rows[after]["k"], around)


def _more(state: State, key: str, around: Around) -> None:
    row = forms.rows(state)[key]
    row["open"] = not row.get("open")


for _kind in ("param", "resp", "head", "media", "ex", "row"):
    OPS[f"{_kind}.del"], OPS[f"{_kind}.up"], OPS[f"{_kind}.down"], OPS[f"{_kind}.more"] = _delete, _up, _down, _more


@op("mode.json")
def _(state: State, key: str, around: Around) -> None:
    media = forms.rows(state)[key]
    if media["mode"] == "rows":
        media["text"] = shapes.pretty(shapes.schema(media, Problems()))
        media["mode"] = "json"


@op("mode.rows")
def _(state: State, key: str, around: Around) -> None:
    media = forms.rows(state)[key]
    found = Problems()
    schema = shapes.schema(media, found) if media["text"].strip() not in ("", "null") else None
    around.problems.update(found)
    if not found:
        media.update(shapes.of(schema), mode="rows")


@op("sample.open")
def _(state: State, key: str, around: Around) -> None:
    media = forms.rows(state)[key]
    media["sampling"] = not media.get("sampling")
    first = next((row["text"] for row in media["examples"] if not row["raw"]), "")
    media["sample"] = media.get("sample") or first


@op("sample.use")
def _(state: State, key: str, around: Around) -> None:
    """The schema follows from the pasted example; the example itself becomes the first one when there is none."""
    from actionstudio.core.schemas.infer import infer

    media = forms.rows(state)[key]
    found = Problems()
    value = found.json(media.get("sample", ""), f"{key}.sample")
    around.problems.update(found)
    if found:
        return
    media.update(shapes.of(infer([value])), sampling=False, sample="")
    if not media["examples"] and "name" not in state:
        media["examples"].append(states.example(Example("", value), True))


@op("share")
def _(state: State, key: str, around: Around) -> None:
    """Turns a group into a shared schema, made when the draft is saved; the row then refers to it."""
    row = forms.rows(state)[key]
    media = next((m for m in forms.all_media(state) if m["root"] is row), None) or _media_of(state, key)
    rows = media["rows"]
    start = -1 if row is media["root"] else _at(rows, key)
    end = len(rows) if start < 0 else _span(rows, start)
    name = _free_name(row["name"] or state.get("operation_id") or state.get("name", ""), around.known)
    found = Problems()
    schema = shapes.grown({**row, "description": ""} if start >= 0 else row, rows[start + 1 : end], found)
    around.problems.update(found)
    if found:
        return
    listed = row["kind"] == "list-group"
    state["shared"][name] = schema["items"] if listed else schema
    fresh = {"$ref": refs.ref_to(name)}
    made = shapes.cell({"type": "array", "items": fresh} if listed else fresh, row["name"], row["required"], row["d"])
    row.update(made, k=row["k"], description=row["description"] if start >= 0 else "")
    del rows[start + 1 : end]


def _free_name(text: str, taken: Mapping[str, Any]) -> str:
    stem = "".join(word[:1].upper() + word[1:] for word in "".join(c if c.isalnum() else " " for c in text).split())
    stem = stem or "Shared"
    return next(name for name in (stem, *(f"{stem}{n}" for n in range(2, 9999))) if name not in taken)


@op("path.add")
def _(state: State, key: str, around: Around) -> None:
    """Puts a path parameter's name into the path."""
    row = forms.rows(state)[key]
    state["path"] = f"{state['path'].rstrip('/')}/{{{row['name']}}}"


@op("name.make")
def _(state: State, key: str, around: Around) -> None:
    """An operation name from method and path."""
    verb = {"GET": "get", "POST": "create", "PUT": "replace", "PATCH": "update", "DELETE": "delete"}
    words = "".join(c if c.isascii() and c.isalnum() else " " for c in state["path"]).split()
    state["operation_id"] = verb.get(state["method"], state["method"].lower()) + "".join(
        w[:1].upper() + w[1:] for w in words
    )


@op("ask.always")
def _(state: State, key: str, around: Around) -> None:
    state["consequential"] = "yes"
