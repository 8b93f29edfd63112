"""Text of a document (JSON or YAML, any usual encoding) -> JSON, refusing what would harm.

Run as a program it reads standard input under hard limits of memory and time and writes what it read, or the problems;
runtime/parsing.py calls it that way.
"""

from __future__ import annotations

import codecs
import contextlib
import json
import re
import sys
from typing import Any, NoReturn

import orjson

from actionstudio.core.problem import Problem, Refused
from actionstudio.core.specs import yaml_in
from actionstudio.core.words import packed, said

type JSON = Any

LARGEST = 10_000_000
MEMORY, CPU_SECONDS = 1_000_000_000, 10
REFUSED = 3
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_FILES = {
    b"PK\x03\x04": said("a ZIP archive"),
    b"\x1f\x8b": said("a gzip archive"),
    b"%PDF": said("a PDF file"),
    b"\x89PNG": said("a picture"),
    b"\xff\xd8\xff": said("a picture"),
    b"GIF8": said("a picture"),
}
_SUSPICIOUS = re.compile(r"\\(0|x00|u0000|U00000000|u[dD][89a-fA-F])")
_UNKEEPABLE = re.compile("[\0\ud800-\udfff]")


def parse(text: str | bytes) -> JSON:
    """The value that ``text`` writes in JSON or YAML. Raises Refused with line and column in plain words."""
    if len(text) > LARGEST:
        raise Refused(Problem("", said("This is larger than %(size)s MB.", size=LARGEST // 1_000_000), "too-large"))
    if isinstance(text, bytes):
        text = decode(text)
    text = text.removeprefix("\ufeff")
    start = text.lstrip()[:1]
    if not start:
        message = said("There is nothing here. Paste an OpenAPI document in JSON or YAML.")
        raise Refused(Problem("", message, "empty"))
    if start == "<":
        message = said("This is a web page or XML, not an OpenAPI document. On GitHub, use the address behind “Raw”.")
        raise Refused(Problem("", message, "markup"))
    value = _json_or_yaml(text) if start in '{["' else yaml_in.read(text)
    if _SUSPICIOUS.search(text):
        _refuse_characters(value)
    return value


def decode(data: bytes) -> str:
    """The text of a file: UTF-8, or what its byte order mark or its zero bytes say."""
    for magic, name in _FILES.items():
        if data.startswith(magic):
            message = said("This is %(name)s, not a document in JSON or YAML.", name=name)
            raise Refused(Problem("", message, "binary"))
    encoding = next((name for bom, name in _BOMS if data.startswith(bom)), None) or _guessed(data[:200])
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = said(
            "Line %(line)s: this is not %(encoding)s text (byte %(byte)s). Save it as UTF-8.",
            line=line,
            encoding=encoding.upper(),
            byte=f"{data[error.start]:#04x}",
        )
        raise Refused(Problem("", message, "encoding")) from None


def _guessed(head: bytes) -> str:
    """UTF-16 without a mark shows as a zero in every second byte (RFC 4627, section 3)."""
    if len(head) > 3 and not any(head[1::2]):
        return "utf-16-le"
    if len(head) > 3 and not any(head[::2]):
        return "utf-16-be"
    return "utf-8"


def _json_or_yaml(text: str) -> JSON:
    """What begins with a brace is JSON, or YAML in flow style; when it is neither, JSON's error is told."""
    try:
        return _json(text)
    except json.JSONDecodeError as error:
        try:
            return yaml_in.read(text)
        except Refused as other:
            if other.problems[0].code != "syntax":
                raise
        message = said("this is not valid JSON: %(fault)s.", fault=_told(error))
        raise yaml_in.refused(message, error.lineno, error.colno, "syntax") from None


def _told(error: json.JSONDecodeError) -> str:
    if error.pos >= len(error.doc.rstrip()):
        return said("it ends too early; a bracket, brace or quote is not closed")
    words = {
        "Expecting property name enclosed in double quotes": said("a key in double quotes is expected"),
        "Expecting ',' delimiter": said("a comma is missing"),
        "Expecting ':' delimiter": said("a colon is missing"),
        "Expecting value": said("a value is expected"),
        "Extra data": said("the document ends before this"),
        "Invalid control character at": said("a line break or tab inside a text must be written as \\n or \\t"),
    }
    return words.get(error.msg, error.msg)


class _Duplicate(Exception):
    pass


def _json(text: str) -> JSON:
    def number(literal: str) -> int | float:
        kept = yaml_in.fitting(int(literal)) if len(literal) < 66 else None
        if kept is None:
            message = said("this whole number does not fit into 64 bits. Quote it if it is a text.")
            _refuse_literal(text, literal, message)
        return kept

    def fraction(literal: str) -> float:
        value = float(literal)
        if value in (float("inf"), float("-inf")):
            _refuse_literal(text, literal, said("this number is too large. Quote it if it is a text."))
        return value

    def constant(literal: str) -> NoReturn:
        _refuse_literal(text, literal, said("%(text)s is not a number that JSON knows.", text=literal))

    try:
        value = json.loads(
            text, object_pairs_hook=_object, parse_int=number, parse_float=fraction, parse_constant=constant
        )
    except RecursionError:
        raise _too_deep() from None
    except _Duplicate as error:
        yaml_in.read(text)  # JSON is YAML too, and that reader knows the line
        message = said("The key “%(key)s” stands twice in one object.", key=str(error)[:60])
        raise Refused(Problem("", message, "duplicate-key")) from None
    _refuse_bombs(value)
    return value


def _object(pairs: list[tuple[str, JSON]]) -> dict[str, JSON]:
    made = dict(pairs)
    if len(made) < len(pairs):
        keys = [key for key, _ in pairs]
        raise _Duplicate(next(key for key in made if keys.count(key) > 1))
    return made


def _refuse_literal(text: str, literal: str, message: str) -> NoReturn:
    at = text.find(literal)
    raise yaml_in.refused(message, text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at), "number")


def _too_deep() -> Refused:
    message = said("This document is nested more than %(most)s levels deep.", most=yaml_in.DEEPEST)
    return Refused(Problem("", message, "depth"))


def _refuse_bombs(value: JSON) -> None:
    """Refuses what is nested too deep or has too many values."""
    level, count = [value], 0
    for _ in range(yaml_in.DEEPEST + 1):
        count += len(level)
        if count > yaml_in.NODES:
            message = said("This document has more than %(most)s values.", most=f"{yaml_in.NODES:,}")
            raise Refused(Problem("", message, "too-many"))
        level = [node for node in level if type(node) is dict or type(node) is list]
        if not level:
            return
        level = [child for node in level for child in (node.values() if type(node) is dict else node)]
    raise _too_deep()


def _refuse_characters(value: JSON) -> None:
    """Refuses texts and keys that no database keeps: with U+0000 or half of a surrogate pair."""
    stack = [value]
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            stack.extend(node)
            stack.extend(node.values())
        elif isinstance(node, list):
            stack.extend(node)
        elif isinstance(node, str) and (found := _UNKEEPABLE.search(node)):
            shown = _UNKEEPABLE.sub("\ufffd", node)[:60]
            message = said(
                "The text “%(text)s” holds the character %(character)s, which cannot be kept. Remove it.",
                text=shown,
                character=f"U+{ord(found[0]):04X}",
            )
            raise Refused(Problem("", message, "character"))


def _limit() -> None:
    """Hard limits for this process. A system that does not know one of them still has the parent's clock."""
    import resource

    limits = (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_CORE, 0),
    )
    for limit, value in limits:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(limit, (value, value))


def main() -> int:
    """Standard input -> JSON on standard output, or the problems and the exit status REFUSED."""
    _limit()
    try:
        out, status = orjson.dumps(parse(sys.stdin.buffer.read(LARGEST + 1))), 0
    except Refused as error:
        problems = [[problem.pointer, packed(problem.message), problem.code] for problem in error.problems]
        out, status = orjson.dumps(problems), REFUSED
    sys.stdout.buffer.write(out)
    return status


if __name__ == "__main__":
    sys.exit(main())
