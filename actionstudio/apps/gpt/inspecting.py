"""A document as it stands, judged for one target: what ChatGPT's importer says, what the checks find, at which line."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from actionstudio.apps.gpt import checking
from actionstudio.apps.library import importing
from actionstudio.core.contract import Contract
from actionstudio.core.importer import Import, Message, simulate_document
from actionstudio.core.importer.verdict import Verdict, defects, verdict
from actionstudio.core.lint import check
from actionstudio.core.lint.rule import RULES, Finding
from actionstudio.core.problem import Refused
from actionstudio.core.specs import text
from actionstudio.core.specs.positions import Positions
from actionstudio.runtime.parsing import parse_safely

LEVELS = ("fatal", "drops-op", "drops-param", "degrades", "publish", "cosmetic", "advice")  # the worst first
OURS = ("privacy-generated",)  # about a project's own pages, of which no document speaks
LOST = "drops-param"  # the least that is a loss


type JSON = Any


@dataclass(frozen=True)
class Found:
    """One defect. ``lines`` are ChatGPT's own, none for what only our checks find. ``line`` and ``column`` count from
    1, 0 when not known. ``rule`` is a number of docs/chatgpt-rules.md or the code of a check."""

    rule: str
    level: str
    lines: tuple[str, ...]
    explanation: str
    pointer: str
    confidence: str = ""
    repair: str = ""
    line: int = 0
    column: int = 0


@dataclass(frozen=True)
class Inspection:
    """Everything about one document. ``imported`` is None for targets that are not ChatGPT. ``problems`` say why the
    checks could not read it, "" for none. ``detected``: what it is, when it is no OpenAPI document and everything is
    about the one made of it; ``as_it_is`` is the import of itself then."""

    target: str
    found: tuple[Found, ...]
    imported: Import | None = None
    problems: tuple[str, ...] = ()
    detected: str = ""
    as_it_is: Import | None = None

    @property
    def verdict(self) -> Verdict | None:
        """What becomes of it in ChatGPT's editor."""
        return verdict(self.imported) if self.imported is not None else None

    def fails(self, level: str = LOST) -> bool:
        """Whether anything is as bad as ``level``, or ChatGPT takes nothing."""
        worst = LEVELS.index(level)
        nothing = self.verdict is not None and self.verdict.outcome == "refused"
        return nothing or any(LEVELS.index(one.level) <= worst for one in self.found)


def inspect(data: bytes, target: str = "gpt") -> Inspection:
    """Judges a document, or the one made of another format. Raises Refused for what is nothing that we can read, and
    no JSON or YAML either, and, unless ``target`` is gpt, no API."""
    document, unreadable = _document(data)
    imported = simulate_document(document) if target == "gpt" else None
    try:
        made, report = checking.understood(data, document)
    except Refused as refused:
        if unreadable is not None:
            raise unreadable from refused
        if imported is None:
            raise
        found = tuple(_said(imported, Positions(text.decode(data))))
        return Inspection(target, found, imported, tuple(problem.message for problem in refused.problems[:5]))
    if checking.converted(report["reader"]):
        as_it_is, imported = imported, checking.as_document(made.contract) if imported is not None else None
        found = _found(made.contract, imported, target, None)
        return Inspection(target, found, imported, (), importing.title_of(report["reader"]), as_it_is)
    return Inspection(target, _found(made.contract, imported, target, Positions(text.decode(data))), imported)


def _document(data: bytes) -> tuple[JSON, Refused | None]:
    """The text parsed, or why it is no JSON or YAML; it may be commands."""
    try:
        return parse_safely(data), None
    except Refused as refused:
        return None, refused


def _said(imported: Import, positions: Positions | None) -> Iterator[Found]:
    for defect in defects((*imported.messages, *imported.silent)):
        yield _defect(defect.messages, positions)


def _found(contract: Contract, imported: Import | None, target: str, positions: Positions | None) -> tuple[Found, ...]:
    """What the importer says, then what else the checks find, the worst first. Without ``positions``
    it is the document made of another format that is judged, as ChatGPT gets it."""
    known, found = set(), []
    if imported is not None:
        found = list(_said(imported, positions))
        known = {(message.rule, _item(message.pointer)) for message in (*imported.messages, *imported.silent)}
    others = _others(check(contract, target=target, as_written=positions is not None), known)
    found += [_finding(one, positions) for one in others]
    return tuple(sorted(found, key=lambda one: LEVELS.index(one.level)))


def _defect(messages: tuple[Message, ...], positions: Positions | None) -> Found:
    """One defect of the importer; what nobody says (the layer "silent") has no lines."""
    first = min(messages, key=lambda message: LEVELS.index(message.level))
    spoken = tuple(message.text for message in messages if message.layer != "silent")
    line, column = _at(first.pointer, positions)
    told = first.explanation or ("" if spoken else first.text)
    repair = next((message.repair for message in messages if message.repair), "")
    return Found(first.rule, first.level, spoken, told, first.pointer, first.confidence, repair, line, column)


def _finding(finding: Finding, positions: Positions | None) -> Found:
    line, column = _at(finding.pointer, positions)
    return Found(
        finding.code,
        finding.level,
        (),
        finding.message,
        finding.pointer,
        RULES[finding.code].sure,
        finding.fix,
        line,
        column,
    )


def _at(pointer: str, positions: Positions | None) -> tuple[int, int]:
    """Line and column of a place; 0 when the text is not what is judged."""
    if positions is None:
        return 0, 0
    place = positions.at(pointer)
    return place.line, place.column


def _others(findings: list[Finding], known: set[tuple[str, str]]) -> Iterator[Finding]:
    """Findings of things that the importer has not said already, as far as they are about a document."""
    for finding in findings:
        if finding.code not in OURS and (RULES[finding.code].source, _item(finding.pointer)) not in known:
            yield finding


def _item(pointer: str) -> str:
    """The operation or the shared schema that a pointer is in."""
    return "/".join(pointer.split("/")[:4])
