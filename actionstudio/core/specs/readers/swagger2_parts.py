"""Parameters, bodies, responses and schemas of Swagger 2.0 as the objects of OpenAPI 3.0.

Swagger 2.0: "Parameter Object", "Response Object", "Schema Object".
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from actionstudio.core.schemas import refs
from actionstudio.core.schemas.refs import escape
from actionstudio.core.specs import pointers
from actionstudio.core.specs.readers.notes import Notes, kind_of, not_an_object
from actionstudio.core.specs.readers.origins import Origins
from actionstudio.core.words import said

type JSON = Any
type Placed = list[tuple[JSON, str]]

URLENCODED, MULTIPART, BINARY = "application/x-www-form-urlencoded", "multipart/form-data", "application/octet-stream"
_IN_SCHEMA = (
    "type", "format", "items", "default", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum", "maxLength",
    "minLength", "pattern", "maxItems", "minItems", "uniqueItems", "enum", "multipleOf", "x-nullable", "nullable",
)  # fmt: skip
_STYLES = {
    ("csv", "query"): ("form", False),
    ("multi", "query"): ("form", True),
    ("ssv", "query"): ("spaceDelimited", False),
    ("pipes", "query"): ("pipeDelimited", False),
    ("csv", "path"): ("simple", None),
    ("csv", "header"): ("simple", None),
}
_NAME = re.compile(r"[A-Za-z0-9._-]+")


class Parts:
    """The objects of one Swagger document, written as those of OpenAPI 3.0."""

    def __init__(self, doc: dict[str, JSON], notes: Notes, origins: Origins) -> None:
        self._doc, self._notes, self._origins = doc, notes, origins
        self._shared = {kind: self._mapping(kind) for kind in ("definitions", "parameters", "responses")}
        self._used: set[str] = set()  # shared bodies that stand where they are used
        self._names = {kind: self._renamed(kind, values) for kind, values in self._shared.items()}

    def schemas(self) -> dict[str, JSON]:
        """``definitions`` as shared schemas."""
        return {
            self._place("definitions", name, "schemas"): self.schema(value)
            for name, value in self._shared["definitions"].items()
        }

    def shared_parameters(self) -> dict[str, JSON]:
        """Those of ``parameters`` that are parameters in OpenAPI 3 too."""
        found = {}
        for name, value in self._shared["parameters"].items():
            if not _is_payload(value):
                fresh = self._place("parameters", name, "parameters")
                found[fresh] = self._parameter(value, f"/parameters/{escape(name)}")
        return found

    def shared_bodies(self, consumes: tuple[str, ...]) -> dict[str, JSON]:
        """Bodies among ``parameters`` that no operation uses; the others stand in the operations by now. A form field
        that none uses is told: it has no place."""
        found = {}
        for name, value in self._shared["parameters"].items():
            if not _is_payload(value) or f"#/parameters/{escape(name)}" in self._used:
                continue
            at = f"/parameters/{escape(name)}"
            if value.get("in") == "formData":
                message = said("No operation uses the shared form field “%(name)s”; it was left out.", name=name)
                self._notes.add(at, message, "form-parameter")
                continue
            fresh = self._place("parameters", name, "requestBodies")
            found[fresh] = self.body([(value, at)], consumes, f"/components/requestBodies/{escape(fresh)}", at)
        return found

    def shared_responses(self, produces: tuple[str, ...]) -> dict[str, JSON]:
        """``responses`` of the document."""
        found = {}
        for name, value in self._shared["responses"].items():
            fresh = self._place("responses", name, "responses")
            found[fresh] = self._response(
                value, produces, f"/components/responses/{escape(fresh)}", f"/responses/{escape(name)}"
            )
        return found

    def parameters(self, raw: JSON, at: str, new: str) -> tuple[list[JSON], Placed]:
        """Parameters of a path or an operation: those that stay parameters, and those that become its body."""
        if raw is None:
            return [], []
        if not isinstance(raw, list):
            message = said(
                "“%(key)s” must be a list, not %(kind)s; it was left out.", key="parameters", kind=kind_of(raw)
            )
            self._notes.add(at, message, "not-a-list")
            return [], []
        plain: list[JSON] = []
        payload: Placed = []
        for index, item in enumerate(raw):
            where = f"{at}/{index}"
            target = self._followed(item)
            if _is_payload(target):
                payload.append((target, where))
                self._used.add(_ref(item))
                continue
            self._origins.note(f"{new}/{len(plain)}", where)
            plain.append(self.referred(item) if _ref(item) else self._parameter(item, where))
        return plain, payload

    def body(self, payload: Placed, consumes: tuple[str, ...], new: str, at: str) -> dict[str, JSON] | None:
        """The request body made of these ``body`` and ``formData`` parameters, or None."""
        whole = [(item, where) for item, where in payload if item.get("in") == "body"]
        fields = [(item, where) for item, where in payload if item.get("in") == "formData"]
        if whole and fields:
            message = said("An operation has a body or form fields, not both; the form fields were left out.")
            self._notes.add(fields[0][1], message, "body-and-form")
        if len(whole) > 1:
            message = said("An operation has one body; this one was left out.")
            self._notes.add(whole[1][1], message, "two-bodies")
        if whole:
            return self._whole(*whole[0], consumes, new)
        return self._form(fields, consumes, new, at) if fields else None

    def _whole(self, item: dict[str, JSON], where: str, consumes: tuple[str, ...], new: str) -> dict[str, JSON]:
        self._origins.note(new, where)
        rest = {key: value for key, value in item.items() if key not in ("name", "in", "schema", "type", "format")}
        schema = self.schema(item["schema"]) if "schema" in item else self._plain_schema(item)
        examples = rest.pop("examples", None)
        media: dict[str, JSON] = {"schema": schema}
        content = {kind: dict(media) for kind in consumes}
        for kind, one in content.items():
            self._origins.note(f"{new}/content/{escape(kind)}", where)
            if isinstance(examples, dict) and kind in examples:
                one["example"] = examples[kind]
        name = item.get("name")
        if isinstance(name, str) and name not in ("", "body"):
            rest["x-body-name"] = name
        return {**rest, "content": content}

    def _form(self, fields: Placed, consumes: tuple[str, ...], new: str, at: str) -> dict[str, JSON]:
        self._origins.note(new, f"{at}/parameters")
        properties: dict[str, JSON] = {}
        encoding: dict[str, JSON] = {}
        required = []
        for item, where in fields:
            name = item.get("name")
            if not isinstance(name, str) or not name:
                message = said("This parameter has no name; it was left out. Give it a “name”.")
                self._notes.add(where, message, "parameter-name")
                continue
            properties[name] = self._field(item)
            if item.get("required") is True:
                required.append(name)
            style = self._form_style(item, where)
            if style:
                encoding[name] = style
        schema: dict[str, JSON] = {"type": "object", "properties": properties}
        if required:
            schema["required"] = list(dict.fromkeys(required))
        media = {"schema": schema, **({"encoding": encoding} if encoding else {})}
        files = any(item.get("type") == "file" for item, _where in fields)
        kinds = [kind for kind in consumes if kind.partition(";")[0].strip().lower() in (URLENCODED, MULTIPART)]
        kinds = [MULTIPART] if files else kinds or [URLENCODED]
        return {**({"required": True} if required else {}), "content": {kind: dict(media) for kind in kinds}}

    def _field(self, item: dict[str, JSON]) -> dict[str, JSON]:
        kept = {key: value for key, value in item.items() if key == "description" or key.startswith("x-")}
        if item.get("allowEmptyValue") is True:
            kept["x-allowEmptyValue"] = True
        kept.pop("x-nullable", None)
        return {**self._plain_schema(item), **kept}

    def _form_style(self, item: dict[str, JSON], where: str) -> dict[str, JSON] | None:
        """How a list travels in a form. ``multi``, several fields of one name, is what OpenAPI 3 does by itself."""
        if item.get("type") != "array":
            return None
        style = self._style(item.get("collectionFormat", "csv"), "query", where)
        return None if style in (None, ("form", True)) else {"style": style[0], "explode": False}

    def _style(self, form: JSON, place: str, where: str) -> tuple[str, bool | None] | None:
        style = _STYLES.get((form, place)) if isinstance(form, str) else None
        if style is None:
            message = said(
                "OpenAPI 3 has no word for “collectionFormat: %(form)s” here; the list is sent in the usual way.",
                form=str(form)[:20],
            )
            self._notes.add(f"{where}/collectionFormat", message, "collection-format")
        return style

    def _parameter(self, raw: JSON, where: str) -> JSON:
        """A path, query or header parameter."""
        if not isinstance(raw, dict):
            return raw
        out = {
            key: value
            for key, value in raw.items()
            if key not in _IN_SCHEMA and key not in ("collectionFormat", "schema")
        }
        out["schema"] = self.schema(raw["schema"]) if "schema" in raw else self._plain_schema(raw)
        if raw.get("type") == "array":
            place = raw.get("in")
            form = raw.get("collectionFormat", "csv")
            style = self._style(form, place, where) if place in ("query", "path", "header") else None
            if style is None and place in ("query", "path", "header"):
                out["x-collectionFormat"] = form
            elif style is not None:
                out["style"] = style[0]
                if style[1] is not None:
                    out["explode"] = style[1]
        return out

    def _plain_schema(self, item: dict[str, JSON]) -> JSON:
        """The schema that a parameter, header or list item writes beside its other facts."""
        schema = {key: value for key, value in item.items() if key in _IN_SCHEMA}
        if "items" in schema:
            inner = schema["items"]
            schema["items"] = self._items(inner) if isinstance(inner, dict) else inner
        return self.schema(schema)

    def _items(self, item: dict[str, JSON]) -> JSON:
        out = {key: value for key, value in item.items() if key != "collectionFormat"}
        if "collectionFormat" in item:
            out["x-collectionFormat"] = item["collectionFormat"]
        if isinstance(out.get("items"), dict):
            out["items"] = self._items(out["items"])
        return out

    def responses(self, raw: JSON, produces: tuple[str, ...], at: str) -> JSON:
        """The responses of an operation."""
        if not isinstance(raw, dict):
            return raw
        return {
            status: item
            if status.startswith("x-")
            else self._response(item, produces, f"{at}/{escape(status)}", f"{at}/{escape(status)}")
            for status, item in raw.items()
        }

    def _response(self, raw: JSON, produces: tuple[str, ...], new: str, at: str) -> JSON:
        if not isinstance(raw, dict):
            return raw
        if _ref(raw):
            return self.referred(raw)
        out = {key: value for key, value in raw.items() if key not in ("schema", "headers", "examples")}
        headers = raw.get("headers")
        if isinstance(headers, dict):
            out["headers"] = {name: self._header(item) for name, item in headers.items()}
        content = self._content(raw, produces)
        if content:
            out["content"] = content
            for kind in content:
                self._origins.note(f"{new}/content/{escape(kind)}", at)
        return out

    def _content(self, raw: dict[str, JSON], produces: tuple[str, ...]) -> dict[str, JSON]:
        """The schema in every media type that is produced, and each example in its own."""
        content: dict[str, JSON] = {}
        if raw.get("schema") is not None:
            schema = self.schema(raw["schema"])
            kinds = produces
            if isinstance(raw["schema"], dict) and raw["schema"].get("type") == "file":
                kinds = tuple(kind for kind in produces if kind != "application/json") or (BINARY,)
            content = {kind: {"schema": schema} for kind in kinds}
        examples = raw.get("examples")
        for kind, value in examples.items() if isinstance(examples, dict) else ():
            if "/" in kind:
                content.setdefault(kind, {})["example"] = value
            elif not kind.startswith("x-"):
                named = content.setdefault(produces[0], {}).setdefault("examples", {})
                named[kind] = {"value": value}
        return content

    def _header(self, raw: JSON) -> JSON:
        if not isinstance(raw, dict):
            return raw
        out = {key: value for key, value in raw.items() if key not in _IN_SCHEMA and key != "collectionFormat"}
        if raw.get("collectionFormat") not in (None, "csv"):
            out["x-collectionFormat"] = raw["collectionFormat"]
        return {**out, "schema": self._plain_schema(raw)}

    def schema(self, raw: JSON) -> JSON:
        """A schema object, references and what is peculiar to Swagger 2 rewritten."""
        return refs.rebuild(raw, self._node)

    def _node(self, node: dict[str, JSON]) -> dict[str, JSON]:
        if isinstance(node.get("$ref"), str):
            node = self.referred(node)
        if isinstance(node.get("discriminator"), str):
            node = {**node, "discriminator": {"propertyName": node["discriminator"]}}
        if isinstance(node.get("items"), list):
            node = {**node, "items": self._any_of(node["items"])}
        if node.get("type") == "file":
            node = {**node, "type": "string", "format": "binary"}
        if "x-nullable" in node:
            nullable = node["x-nullable"]
            node = {key: value for key, value in node.items() if key != "x-nullable"}
            node = {**node, "nullable": nullable} if isinstance(nullable, bool) else node
        return node

    def _any_of(self, items: list[JSON]) -> JSON:
        """``items`` that is a list, which Swagger 2 does not know: its writers mean one of these."""
        message = said("“items” must be one schema; a list of them was read as “one of these”.")
        self._notes.add("", message, "items-list")
        found = [self.schema(item) for item in items]
        return found[0] if len(found) == 1 else {"anyOf": found} if found else {}

    def referred(self, node: dict[str, JSON]) -> dict[str, JSON]:
        """A reference, pointing to where its target is now."""
        return {**node, "$ref": self._moved(node["$ref"])}

    def _moved(self, ref: str) -> str:
        for kind, place in (("definitions", "schemas"), ("parameters", "parameters"), ("responses", "responses")):
            start = f"#/{kind}/"
            if ref.startswith(start):
                name, _, rest = ref[len(start) :].partition("/")
                name = refs.unescape(name)
                fresh = quote(escape(self._names[kind].get(name, name)), safe="~!$&'()*+,;=:@-._")
                return f"#/components/{place}/{fresh}" + (f"/{rest}" if rest else "")
        if ref and re.fullmatch(r"[A-Za-z0-9._-]+", ref) and ref in self._shared["definitions"]:
            return self._moved(f"#/definitions/{ref}")  # Swagger 1.2 wrote the bare name, and some still do
        return ref

    def _followed(self, item: JSON) -> JSON:
        ref = _ref(item)
        return pointers.follow(self._doc, ref) if ref else item

    def _mapping(self, kind: str) -> dict[str, JSON]:
        value = self._doc.get(kind)
        if value is not None and not isinstance(value, dict):
            self._notes.add(f"/{kind}", not_an_object(kind, value), "not-an-object")
        return value if isinstance(value, dict) else {}

    def _place(self, kind: str, name: str, place: str) -> str:
        """The name of a shared thing in the new document; its origin is noted."""
        fresh = self._names[kind][name]
        self._origins.note(f"/components/{place}/{escape(fresh)}", f"/{kind}/{escape(name)}")
        return fresh

    def _renamed(self, kind: str, values: dict[str, JSON]) -> dict[str, str]:
        """Names as OpenAPI 3 allows them (section 4.7.7): letters, digits, dot, hyphen, underscore."""
        taken = {name for name in values if _NAME.fullmatch(name)}
        found = {}
        for name in values:
            fresh = name
            if name not in taken:
                stem = re.sub(r"[^A-Za-z0-9._-]+", "_", name).strip("_") or "Schema"
                fresh, number = stem, 2
                while fresh in taken:
                    fresh, number = f"{stem}_{number}", number + 1
                taken.add(fresh)
                message = said(
                    "“%(name)s” is no name that OpenAPI 3 allows; it is “%(fresh)s” now.", name=name, fresh=fresh
                )
                self._notes.add(f"/{kind}/{escape(name)}", message, "renamed")
            found[name] = fresh
        return found


def _ref(item: JSON) -> str:
    return item["$ref"] if isinstance(item, dict) and isinstance(item.get("$ref"), str) else ""


def _is_payload(item: JSON) -> bool:
    return isinstance(item, dict) and item.get("in") in ("body", "formData")
