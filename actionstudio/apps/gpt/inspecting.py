"""A document as it stands, judged for one target: what ChatGPT's importer says, what the checks find, at which line."""

from collections.abc import Iterator
from dataclasses import dataclass

from actionstudio.apps.gpt import checking
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
    checks could not read it, "" for none."""

    target: str
    found: tuple[Found, ...]
    imported: Import | None = None
    problems: tuple[str, ...] = ()

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
    """Judges a document. Raises Refused for what is no JSON or YAML, and, unless ``target`` is gpt, no API."""
    document = parse_safely(data)
    positions = Positions(text.decode(data))
    imported = simulate_document(document) if target == "gpt" else None
    said = (*imported.messages, *imported.silent) if imported else ()
    found = [_defect(defect.messages, positions) for defect in defects(said)]
    try:
        contract = checking.understood(data, document)[0].contract
    except Refused as refused:
        if imported is None:
            raise
        return Inspection(target, tuple(found), imported, tuple(problem.message for problem in refused.problems[:5]))
    known = {(message.rule, _item(message.pointer)) for message in said}
    found += [_finding(one, positions) for one in _others(check(contract, target=target, as_written=True), known)]
    return Inspection(target, tuple(sorted(found, key=lambda one: LEVELS.index(one.level))), imported)


def _defect(messages: tuple[Message, ...], positions: Positions) -> Found:
    """One defect of the importer; what nobody says (the layer "silent") has no lines."""
    first = min(messages, key=lambda message: LEVELS.index(message.level))
    spoken = tuple(message.text for message in messages if message.layer != "silent")
    place = positions.at(first.pointer)
    told = first.explanation or ("" if spoken else first.text)
    repair = next((message.repair for message in messages if message.repair), "")
    return Found(
        first.rule, first.level, spoken, told, first.pointer, first.confidence, repair, place.line, place.column
    )


def _finding(finding: Finding, positions: Positions) -> Found:
    place = positions.at(finding.pointer)
    return Found(
        finding.code,
        finding.level,
        (),
        finding.message,
        finding.pointer,
        RULES[finding.code].sure,
        finding.fix,
        place.line,
        place.column,
    )


def _others(findings: list[Finding], known: set[tuple[str, str]]) -> Iterator[Finding]:
    """Findings of things that the importer has not said already, as far as they are about a document."""
    for finding in findings:
        if finding.code not in OURS and (RULES[finding.code].source, _item(finding.pointer)) not in known:
            yield finding


def _item(pointer: str) -> str:
    """The operation or the shared schema that a pointer is in."""
    return "/".join(pointer.split("/")[:4])
