"""What is lost or fragile although the editor says nothing: in our own words, and as sure as the reports are."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from actionstudio.core import limits
from actionstudio.core.importer import credential
from actionstudio.core.importer.checks import fragile
from actionstudio.core.importer.checks.bodies import unsent
from actionstudio.core.importer.checks.operations import CONSEQUENTIAL
from actionstudio.core.importer.message import ImportedOperation
from actionstudio.core.importer.reading import Reading, short
from actionstudio.core.words import said, said_n

type JSON = Any

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_BRACED = re.compile(r"\{([^{}/]+)\}")


def check(reading: Reading) -> None:
    """Notes it all: of the document, of its server, and of every operation that is kept so far."""
    for look in (_size, _server, _domains, _security, _names, _credential):
        look(reading)
    for op, raw in kept(reading):
        for judge in _OPERATION:
            judge(reading, op, raw)
    fragile.check(reading)


def kept(reading: Reading) -> Iterator[tuple[ImportedOperation, dict[str, JSON]]]:
    """The operations that survived, each with what the document says of it."""
    for op in reading.operations:
        if op.kept:
            yield op, reading.sources[op.pointer]


def _size(reading: Reading) -> None:
    if reading.size > limits.DOCUMENT_BYTES:
        told = said(
            "The document has %(size)s characters. About a million is said to be the most that ChatGPT takes.",
            size=f"{reading.size:,}",
        )
        reading.note("DOC-08", "degrades", told, "", confidence="E", repair="choose-operations")


def _server(reading: Reading) -> None:
    path = urlsplit(reading.server).path if reading.server else ""
    if path.endswith("/"):
        told = said(
            "The server's address ends in a slash and every path begins with one, so calls may go to “…//…”. Take it "
            "off."
        )
        reading.note("SRV-04", "degrades", told, reading.server_at, confidence="C", repair="one-server")
    elif "{" in path:
        told = said("The server's address has a placeholder in it, which nobody fills. Write the address out.")
        reading.note("SRV-04", "degrades", told, reading.server_at, confidence="E", repair="one-server")


def _domains(reading: Reading) -> None:
    if len(reading.domains) >= limits.ACTIONS_PER_GPT:
        told = said("The GPT has %(most)s actions already, and no more are taken.", most=limits.ACTIONS_PER_GPT)
        reading.note("DOM-02", "fatal", told, "", confidence="D")


def _security(reading: Reading) -> None:
    """SEC-03: what only the document says of security is read unreliably."""
    if not reading.document.get("security"):
        return
    if any(raw.get("security") is None for _, raw in kept(reading)):
        told = said("“security” stands on the whole document only. Written on each operation it is read more reliably.")
        reading.note("SEC-03", "cosmetic", told, "/security", confidence="D", repair="one-scheme")


def _credential(reading: Reading) -> None:
    """SEC-04: calls that need more than one credential in a header are refused, each of them."""
    components = reading.document.get("components")
    schemes = components.get("securitySchemes") if isinstance(components, dict) else None
    if not isinstance(schemes, dict):
        return
    whole = reading.document.get("security")
    asked = {op.pointer: _ways(raw.get("security", whole)) for op, raw in kept(reading)}
    names = {op.pointer: op.operation_id for op, _raw in kept(reading)}
    groups: dict[tuple[str, ...], list[str]] = {}
    for pointer, wanted in credential.choose(asked, schemes).denied.items():
        groups.setdefault(wanted, []).append(pointer)
    for wanted, pointers in groups.items():
        shown = short(" + ".join(credential.shown(schemes[name]) for name in wanted))
        told = said_n(
            "Every call of %(names)s will be refused with 401: it asks for %(asked)s, and ChatGPT sends one "
            "credential, in a header, for the whole action. The repair lets that one do at an address of this product; "
            "a server of your own has to take it itself.",
            "Every call of %(n)s operations will be refused with 401 (%(names)s): they ask for %(asked)s, and ChatGPT "
            "sends one credential, in a header, for the whole action. The repair lets that one do at an address of "
            "this product; a server of your own has to take it itself.",
            len(pointers),
            names=", ".join(short(names[pointer]) for pointer in pointers[:5]) + (" …" if len(pointers) > 5 else ""),
            asked=shown,
        )
        for pointer in pointers:
            cause = f"SEC-04:{shown}"
            reading.note("SEC-04", "degrades", told, pointer, confidence="C", cause=cause, repair="one-credential")


def _ways(security: JSON) -> list[dict[str, JSON]]:
    return [way for way in security if isinstance(way, dict)] if isinstance(security, list) else []


def _names(reading: Reading) -> None:
    """OP-03: the editor and the model know operations by name alone, so of two with one name one is left."""
    seen: set[str] = set()
    for index, op in enumerate(reading.operations):
        if op.kept and op.operation_id in seen:
            told = said(
                "Another operation is called “%(name)s” too; only one can be called.", name=short(op.operation_id)
            )
            at = f"{op.pointer}/operationId"
            reading.note("OP-03", "drops-op", told, at, confidence="E", repair="operation-ids")
            reading.operations[index] = dataclasses.replace(op, kept=False, arguments=())
        elif op.kept:
            seen.add(op.operation_id)


def _name(reading: Reading, op: ImportedOperation, raw: dict[str, JSON]) -> None:
    at, whole = f"{op.pointer}/operationId", len(reading.host) + len("__jit_plugin.") + len(op.operation_id)
    if not _NAME.fullmatch(op.operation_id):
        told = said(
            "Names that the model calls hold letters, digits and “_” only; “%(name)s” is most likely rewritten.",
            name=short(op.operation_id),
        )
        reading.note("OP-04", "cosmetic", told, at, confidence="E", repair="operation-names")
    elif whole > limits.FUNCTION_NAME:
        told = said(
            "Together with the host, “%(name)s” has %(length)s characters; names of functions have at most %(most)s.",
            name=short(op.operation_id),
            length=whole,
            most=limits.FUNCTION_NAME,
        )
        reading.note("OP-04", "cosmetic", told, at, confidence="E", repair="operation-names")


def _path(reading: Reading, op: ImportedOperation, raw: dict[str, JSON]) -> None:
    """PAR-03: names in the path and path parameters belong together."""
    wanted = dict.fromkeys(_BRACED.findall(op.path))
    given = {argument.name for argument in op.arguments if argument.in_ == "path"}
    for name in wanted:
        if name not in given:
            told = said("The path asks for “%(name)s”, and no parameter of the operation gives it.", name=short(name))
            reading.note("PAR-03", "degrades", told, op.pointer, confidence="E", repair="path-parameters")
    for name in given:
        if name not in wanted:
            told = said("“%(name)s” is declared as part of the path, which does not have it.", name=short(name))
            reading.note("PAR-03", "degrades", told, op.pointer, confidence="E", repair="path-parameters")


def _styles(reading: Reading, op: ImportedOperation, raw: dict[str, JSON]) -> None:
    """PAR-04: lists go out as repeated keys, whatever the document says."""
    parameters = raw.get("parameters")
    for index, parameter in enumerate(parameters if isinstance(parameters, list) else ()):
        if not isinstance(parameter, dict) or parameter.get("in") != "query":
            continue
        if parameter.get("style", "form") != "form" or parameter.get("explode") is False:
            told = said(
                "“style” and “explode” are not honoured: a list in “%(name)s” is sent as repeated keys.",
                name=short(str(parameter.get("name"))),
            )
            reading.note("PAR-04", "degrades", told, f"{op.pointer}/parameters/{index}", confidence="C")


def _media(reading: Reading, op: ImportedOperation, raw: dict[str, JSON]) -> None:
    """SCH-06: a body that is not application/json is not sent, and a file in no way."""
    lacking, repair = unsent(reading, raw)
    if not lacking:
        return
    kind = next(iter(raw["requestBody"]["content"]))[:80]
    if lacking == "file":
        told = said("The body holds a file (%(kind)s), which ChatGPT cannot send: it calls this without.", kind=kind)
    else:
        told = said("The body is %(kind)s; ChatGPT sends application/json only, so it sends none.", kind=kind)
    reading.note("SCH-06", "degrades", told, f"{op.pointer}/requestBody/content", confidence="C", repair=repair)


def _flag(reading: Reading, op: ImportedOperation, raw: dict[str, JSON]) -> None:
    """EXT-01: the flag is true or false; anything else counts as not said."""
    if CONSEQUENTIAL in raw and not isinstance(raw[CONSEQUENTIAL], bool):
        told = said("“%(key)s” is true or false; this counts as if it were not written.", key=CONSEQUENTIAL)
        reading.note("EXT-01", "degrades", told, f"{op.pointer}/{CONSEQUENTIAL}", confidence="E")


_OPERATION: tuple[Callable[[Reading, ImportedOperation, dict[str, JSON]], None], ...] = (
    _name,
    _path,
    _styles,
    _media,
    _flag,
)
