"""The arguments of a call while a person edits them: as the fields of the operation, or as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from actionstudio.apps.mocking import asking
from actionstudio.apps.mocking.asking import Field
from actionstudio.apps.web.telling import told
from actionstudio.core.problem import Refused
from actionstudio.core.schemas import refs
from actionstudio.core.schemas.validate import SchemaError, compile_validator
from actionstudio.core.schemas.wire import text_of

WAYS = ("fields", "json")
LONG = 60  # characters from which on a text has a field of several lines
MOST = 20  # things that are told of one set of arguments
_DEFS = "#/$defs/"


@dataclass(frozen=True, slots=True)
class Row:
    """A field with its text, as templates/mocking/field.html shows it."""

    field: Field
    id: str
    value: str
    error: str = ""

    @property
    def choices(self) -> list[str]:
        return [text_of(one) for one in self.field.choices]

    @property
    def long(self) -> bool:
        return len(self.value) > LONG or "\n" in self.value


@dataclass(frozen=True, slots=True)
class Editing:
    """The form as it stands. ``how``: fields or json; ``has_fields``: whether fields can say these arguments;
    ``warned``: the arguments (JSON text) that the person was told of: sent once more, they go out as they are."""

    how: str
    rows: tuple[Row, ...] = ()
    text: str = ""
    error: str = ""
    has_fields: bool = False
    warned: str = ""


class Arguments:
    """The arguments of one call. ``schema`` is JSON Schema of them all (a Tool's parameters), None when there is none;
    ``pk`` tells the fields of one card from those of another."""

    def __init__(self, pk: int, schema: Any) -> None:
        self.pk, self._schema = pk, schema
        self.fields, self._components = _declared(schema)

    def shown(self, arguments: str, how: str) -> Editing:
        """The form filled with ``arguments`` (JSON text). As JSON where fields cannot say them."""
        value = _value(arguments)
        fits = bool(self.fields) and isinstance(value, dict) and self._say_all(value)
        text = arguments if value is None else asking.written(value)
        if how == "fields" and fits:
            return Editing("fields", self._rows(asking.spread(self.fields, value)), text, has_fields=True)
        return Editing("json", (), text, has_fields=fits)

    def read(self, how: str, posted: Mapping[str, str]) -> tuple[str, Editing | None]:
        """(the JSON text of what was typed, None); or ("", the form with what is wrong and all that was typed)."""
        return self._of_fields(posted) if how == "fields" else self._of_text(posted.get("arguments", ""))

    def doubted(self, arguments: str, how: str, posted: Mapping[str, str]) -> Editing | None:
        """The form with what the document says against ``arguments``, which were read from it; None: send them. A model
        writes wrong things too, so that what a person was told of and sends once more is sent."""
        value = _value(arguments)
        found = self._against(value)
        if not found or _value(posted.get("warned") or "null") == value:
            return None
        said = _(
            "The document does not allow these arguments. Mend what is marked, or press the button again: then they are"
            " sent as they are, as a model might write them."
        )
        if how == "fields":
            texts = {field.name: posted.get(field.name, "") for field in self.fields}
            marked = {field.name for field in self.fields if field.kind != "group"}
            rest = [line for name, line in found if name not in marked]
            return Editing("fields", self._rows(texts, dict(found)), "", " ".join((said, *rest)), True, arguments)
        lines = (said, *(line for _name, line in found))
        return Editing("json", (), arguments, " ".join(lines), bool(self.fields), arguments)

    def _against(self, value: Any) -> list[tuple[str, str]]:
        """(the field, what is wrong there) of everything that the schema does not allow."""
        try:
            violations = compile_validator(self._schema, {}).violations(value) if self._schema is not None else ()
        except SchemaError:
            return []
        found = []
        for one in violations[:MOST]:
            where = ".".join(str(step) for step in one.location)
            found.append((self._field(one.location), f"{where}: {told(one.message)}" if where else told(one.message)))
        return found

    def _field(self, location: Sequence[str | int]) -> str:
        """The name of the field that says what stands at a place, or stands around it; "" for none."""
        fits = [one for one in self.fields if one.way == tuple(location[: len(one.way)])]
        return max(fits, key=lambda one: len(one.way)).name if fits else ""

    def _of_fields(self, posted: Mapping[str, str]) -> tuple[str, Editing | None]:
        texts = {field.name: posted.get(field.name, "") for field in self.fields}
        try:
            return json.dumps(asking.gathered(self.fields, texts, self._components), ensure_ascii=False), None
        except Refused as refused:
            wrong = {problem.pointer: problem.message for problem in refused.problems}
            others = {name: text for name, text in texts.items() if name not in wrong}
            wrong = {**dict(self._against(asking.gathered(self.fields, others, self._components))), **wrong}
            said = _("These arguments cannot be sent. See the fields marked below; nothing you typed is lost.")
            return "", Editing("fields", self._rows(texts, wrong), error=said, has_fields=True)

    def _of_text(self, text: str) -> tuple[str, Editing | None]:
        try:
            if isinstance(asking.parsed(text.strip() or "{}", "arguments"), dict):
                return text.strip() or "{}", None
            said = _("Arguments are one JSON object: {…}.")
        except Refused as refused:
            said = refused.problems[0].message
        return "", Editing("json", (), text, said, has_fields=bool(self.fields))

    def _rows(self, texts: Mapping[str, str], wrong: Mapping[str, str] | None = None) -> tuple[Row, ...]:
        errors = wrong or {}
        return tuple(
            Row(field, f"arg-{self.pk}-{number}", texts.get(field.name, ""), errors.get(field.name, ""))
            for number, field in enumerate(self.fields)
        )

    def _say_all(self, value: Any) -> bool:
        try:
            return asking.whole(self.fields, value, self._components)
        except Refused:
            return False


def _declared(schema: Any) -> tuple[list[Field], dict[str, Any]]:
    """The fields of a schema, and what it shares: its ``$defs``, under the names that references have here."""
    if not isinstance(schema, dict):
        return [], {}
    shared = {name: refs.rebuild(one, _moved) for name, one in (schema.get("$defs") or {}).items()}
    plain = {key: value for key, value in schema.items() if key != "$defs"}
    return asking.of_body(refs.rebuild(plain, _moved), shared), shared


def _moved(node: dict[str, Any]) -> dict[str, Any]:
    ref = node.get("$ref")
    if isinstance(ref, str) and ref.startswith(_DEFS):
        return {**node, "$ref": refs.ref_to(ref.removeprefix(_DEFS))}
    return node


def _value(arguments: str) -> Any:
    """The value of a JSON text; None when it is none (a model may write anything)."""
    try:
        return json.loads(arguments or "{}")
    except ValueError:
        return None
