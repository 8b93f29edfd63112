"""Form bodies become values: application/x-www-form-urlencoded and multipart/form-data, bounded.

Sources: OpenAPI 3.1 sections 4.8.14.4 and 4.8.15 (encoding of bodies), WHATWG URL (urlencoded), RFC 7578 (form-data).
"""

from __future__ import annotations

from collections.abc import Mapping
from email.message import Message
from email.utils import collapse_rfc2231_value
from typing import Any
from urllib.parse import parse_qsl

from actionstudio.core.problem import Problem, Refused
from actionstudio.core.schemas.coerce import Reader, compile_parameter
from actionstudio.core.schemas.shape import shape_of

MOST_FIELDS = 1_000
MOST_HEAD = 8_192


class FormReader:
    """Reads form bodies by one schema; compiled once. ``encoding`` is the media type's (style and explode by name)."""

    def __init__(self, schema: Any, components: Mapping[str, Any], encoding: Mapping[str, Any] | None = None) -> None:
        self._readers: dict[str, Reader] = {}
        for name, inner in shape_of(schema, components).properties.items():
            said = (encoding or {}).get(name, {})
            style, explode = said.get("style"), said.get("explode")
            if "object" in shape_of(inner, components).kinds and style is None:
                style = "json"
            self._readers[name] = compile_parameter(name, "query", inner, components, style, explode)

        self._deep = {name for name, reader in self._readers.items() if reader.style == "deepObject"}

    def read(self, body: bytes) -> dict[str, Any]:
        """An urlencoded body. Raises Refused when it has too many fields or is not text."""
        try:
            pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
        except UnicodeDecodeError:
            raise Refused(Problem("", "The form is not UTF-8 text.", "form")) from None
        except ValueError:
            raise Refused(Problem("", f"The form has more than {MOST_FIELDS} fields.", "form")) from None
        return self.read_pairs(pairs)

    def read_pairs(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        """Decoded fields as one object; fields the schema does not name stay text, repeated ones become a list."""
        texts = [(key, value) for key, value in pairs if isinstance(value, str)]
        out: dict[str, Any] = {}
        for name, reader in self._readers.items():
            present, value = reader.read(texts)
            if present:
                out[name] = value
        for key, value in pairs:
            if isinstance(value, str) and key.partition("[")[0] in self._deep:
                continue
            if key not in self._readers or not isinstance(value, str):
                _gather(out, key, value, key in self._readers and self._is_list(key))
        return out

    def _is_list(self, name: str) -> bool:
        return self._readers[name].read([(name, "")])[1] == []

    def read_multipart(self, body: bytes, content_type: str) -> dict[str, Any]:
        """A multipart body: texts converted by the schema, files as ``{"filename", "content_type", "size"}``."""
        return self.read_pairs(_parts(body, content_type))


def _gather(out: dict[str, Any], key: str, value: Any, is_list: bool = False) -> None:
    if key not in out:
        out[key] = [value] if is_list else value
    elif isinstance(out[key], list):
        out[key].append(value)
    else:
        out[key] = [out[key], value]


def read_form(
    body: bytes, schema: Any, components: Mapping[str, Any], encoding: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """An urlencoded body as one object of typed values. Compile a :class:`FormReader` where it is read often."""
    return FormReader(schema, components, encoding).read(body)


def read_multipart(body: bytes, content_type: str) -> dict[str, Any]:
    """A multipart body as one object: texts as they are, files as ``{"filename", "content_type", "size"}``.

    Raises Refused when there is no boundary, a part is malformed, or there are more than 1,000 parts.
    """
    out: dict[str, Any] = {}
    for key, value in _parts(body, content_type):
        _gather(out, key, value)
    return out


def files_as_text(value: Any) -> Any:
    """A form's value with each file standing as "", the way schemas describe files (a string): for validation."""
    if isinstance(value, dict):
        if value.keys() == {"filename", "content_type", "size"}:
            return ""
        return {key: files_as_text(item) for key, item in value.items()}
    return [files_as_text(item) for item in value] if isinstance(value, list) else value


def _parts(body: bytes, content_type: str) -> list[tuple[str, Any]]:
    boundary = _parameter(content_type, "boundary")
    if boundary is None or not 0 < len(boundary) <= 200:
        raise Refused(Problem("", "The Content-Type names no boundary.", "form"))
    chunks = (b"\r\n" + body).split(b"\r\n--" + boundary.encode("latin-1", "replace"), MOST_FIELDS + 2)
    if len(chunks) > MOST_FIELDS + 2:
        raise Refused(Problem("", f"The form has more than {MOST_FIELDS} parts.", "form"))
    if len(chunks) < 2 or not any(chunk[:2] == b"--" for chunk in chunks[1:]):
        raise Refused(Problem("", "The form does not end with its boundary.", "form"))
    found: list[tuple[str, Any]] = []
    for chunk in chunks[1:]:
        if chunk[:2] == b"--":
            break
        found.append(_part(chunk.lstrip(b" \t").removeprefix(b"\r\n")))
    return found


def _part(chunk: bytes) -> tuple[str, Any]:
    head, mark, content = chunk.partition(b"\r\n\r\n")
    headers = {}
    for line in head[:MOST_HEAD].decode("utf-8", "replace").split("\r\n"):
        key, _, text = line.partition(":")
        headers[key.strip().lower()] = text.strip()
    disposition = headers.get("content-disposition", "")
    name = _parameter(disposition, "name")
    if not mark or name is None:
        raise Refused(Problem("", "A part of the form has no name.", "form"))
    filename = _parameter(disposition, "filename")
    kind = headers.get("content-type", "")
    if filename is not None:
        return name, {"filename": filename, "content_type": kind or "application/octet-stream", "size": len(content)}
    try:
        return name, content.decode()
    except UnicodeDecodeError:
        return name, {"filename": "", "content_type": kind or "application/octet-stream", "size": len(content)}


def _parameter(text: str, name: str) -> str | None:
    """One parameter of a header such as ``form-data; name="x"``, in any of its encodings (RFC 2231)."""
    message = Message()
    message["x"] = text
    value = message.get_param(name, header="x")
    return None if value is None else collapse_rfc2231_value(value)
