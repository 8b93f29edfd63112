"""What is to be said about a text of the document: at which line, how grave, and what saving it would do.

Problems stand in groups: ``text`` (it cannot be read, or not all of it), ``gpt`` (what remains to be looked at in what
ChatGPT gets, after the repairs of the GPT profile) and ``chatgpt`` (what ChatGPT would say to the text as it stands).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actionstudio.apps.design.writing import TextDesk, Written
from actionstudio.apps.web.telling import told
from actionstudio.core import lint
from actionstudio.core.changes import Change
from actionstudio.core.importer.imported import Import
from actionstudio.core.importer.message import Message
from actionstudio.core.importer.profile import profile
from actionstudio.core.importer.simulate import simulate_document
from actionstudio.core.importer.verdict import defects
from actionstudio.core.problem import Problem, Refused
from actionstudio.core.specs import openapi, vocabulary
from actionstudio.core.specs.positions import Place, Positions

LIVE = 500_000  # characters; longer texts are only read while somebody types
MOST = 200  # problems of a group: nobody reads more
REFERENCES = ("unresolved-ref", "external-ref")
SEVERITY = {"fatal": "error", "drops-op": "error", "publish": "info", "advice": "info", "cosmetic": "info"}


@dataclass(frozen=True)
class Line:
    """One problem and where it stands. Lines and columns begin at 1; ``sev`` is error, warning or info."""

    line: int
    column: int
    end: int
    sev: str
    message: str
    rule: str
    pointer: str = ""
    fix: str = ""
    group: str = "text"

    def plain(self) -> dict[str, Any]:
        """As the editor's script reads it."""
        return {
            "line": self.line,
            "col": self.column,
            "end": self.end,
            "sev": self.sev,
            "msg": self.message,
            "rule": self.rule,
            "fix": self.fix,
            "pointer": self.pointer,
            "group": self.group,
        }


@dataclass(frozen=True)
class Listed:
    """One operation of the text, as ChatGPT lists its available actions; ``why`` says why one is not among them."""

    name: str
    method: str
    path: str
    line: int
    kept: bool
    why: str = ""


@dataclass
class Judgement:
    """``valid``: it could be saved. ``whole`` False: it is too long to be looked at wholly while somebody types."""

    problems: list[Line] = field(default_factory=list)
    operations: list[Listed] = field(default_factory=list)
    removed: list[Change] = field(default_factory=list)
    names: dict[str, Any] | None = None
    valid: bool = False
    whole: bool = True
    more: int = 0

    @property
    def raw(self) -> list[Line]:
        """What ChatGPT would say to the text as it stands."""
        return [line for line in self.problems if line.group == "chatgpt"]

    @property
    def own(self) -> list[Line]:
        """What the text itself has to do with."""
        return [line for line in self.problems if line.group != "chatgpt"]

    @property
    def serious(self) -> list[Line]:
        """What should be mended, the rest being advice."""
        return [line for line in self.own if line.sev != "info"]

    @property
    def advice(self) -> list[Line]:
        return [line for line in self.own if line.sev == "info"]

    @property
    def errors(self) -> int:
        return sum(line.sev == "error" for line in self.own)

    @property
    def kept(self) -> int:
        return sum(listed.kept for listed in self.operations)


def judge(desk: TextDesk, text: str, thorough: bool = False) -> Judgement:
    """Everything to say about ``text``. Without ``thorough`` a long one is only read."""
    whole = thorough or len(text) <= LIVE
    try:
        written = desk.read(text) if whole else desk.skimmed(text)
    except Refused as refused:
        return Judgement(refusals(text, refused.problems))
    found = Judgement(whole=whole)
    positions = Positions(text)
    hindering = desk.hindrances(written.problems)
    found.valid = not hindering
    for problem in written.problems:
        found.problems.append(_line(positions, problem, "error" if problem in hindering else "warning"))
    found.removed = desk.vanishing(written.contract)
    found.names = vocabulary.names(written.document)
    imported = None
    if found.whole:
        imported = _imported(desk, written)
        found.problems += _findings(positions, written, _base(desk))
        found.problems += _messages(positions, imported.messages, "gpt")
        found.problems += _messages(positions, _as_it_stands(desk, written).messages, "chatgpt")
    found.operations = _operations(positions, written, imported)
    _shorten(found)
    return found


def _shorten(found: Judgement) -> None:
    """In the order of the text, and of each group no more than anybody reads."""
    ordered = sorted(found.problems, key=lambda line: (line.line, line.column))
    found.problems = []
    for group in ("text", "gpt", "chatgpt"):
        lines = [line for line in ordered if line.group == group]
        found.more += max(0, len(lines) - MOST)
        found.problems += lines[:MOST]
    found.problems.sort(key=lambda line: (line.line, line.column))


def _base(desk: TextDesk) -> str:
    """Where the project answers."""
    return next(iter(desk.urls), "")


def _imported(desk: TextDesk, written: Written) -> Import:
    """What ChatGPT would make of the GPT profile, once this was saved."""
    base = _base(desk)
    doc = openapi.render(written.contract, profile="gpt", servers=(base,) if base else ())
    return simulate_document(doc, base)


def _as_it_stands(desk: TextDesk, written: Written) -> Import:
    """What ChatGPT would say to the text itself, as our address serves it: with that address as a server."""
    base = _base(desk)
    document = dict(written.document)
    servers = document.get("servers")
    if base and not (isinstance(servers, list) and {"url": base} in servers):
        document["servers"] = [{"url": base}, *(servers if isinstance(servers, list) else ())]
    return simulate_document(document, base)


def refusals(text: str, problems: Iterable[Problem]) -> list[Line]:
    """The problems of a text that was refused: most name a line themselves, the others a place in the document."""
    positions = Positions(text)
    return [_line(positions, problem, "error") for problem in problems]


def _line(positions: Positions, problem: Problem, severity: str) -> Line:
    values = getattr(problem.message, "values", {})
    message = problem.message
    if "line" in values and isinstance(values["line"], int):
        place = _from(positions, values["line"], values.get("column", 1))
        message = values.get("message", message)
    else:
        place = positions.at(problem.pointer + ("/$ref" if problem.code in REFERENCES else ""))
    return _made(place, severity, message, problem.code, problem.pointer)


def _from(positions: Positions, line: int, column: int) -> Place:
    """From there to the end of the line."""
    lines = positions.text.split("\n")
    last = len(lines[line - 1].rstrip("\r")) if 0 < line <= len(lines) else 0
    return Place(line, column, max(column + 1, last + 1))


def _made(
    place: Place, severity: str, message: str, rule: str, pointer: str, group: str = "text", fix: str = ""
) -> Line:
    sentence = str(told(message))
    shown = sentence[:1].upper() + sentence[1:]
    return Line(place.line, place.column, place.end, severity, shown, rule, pointer, fix, group)


def _findings(positions: Positions, written: Written, base: str) -> list[Line]:
    """What the checks find in what ChatGPT gets, each at its line, but for what was waived."""
    known = {problem.pointer for problem in written.problems}
    return [
        _made(
            positions.at(finding.pointer),
            SEVERITY.get(finding.level, "warning"),
            finding.message,
            finding.code,
            finding.pointer,
            "gpt",
            finding.fix,
        )
        for finding in lint.open_ones(lint.check(written.contract, base_url=base))
        if not (finding.code in ("unresolved-reference", "circular-components") and _is_told(finding.pointer, known))
    ]


def _is_told(pointer: str, known: set[str]) -> bool:
    """Whether a problem of the text is there, or inside of it, where a finding is about several."""
    return any(one == pointer or one.startswith(f"{pointer}/") for one in known)


def _messages(positions: Positions, messages: Iterable[Message], group: str) -> list[Line]:
    """ChatGPT's own words by defect: those of one cause are one problem, at the first of its places."""
    lines = []
    for defect in defects(messages):
        first = defect.first
        words = f"“{first.text}” {told(first.explanation)}".strip()
        if len(defect.messages) > 1:
            more = len(defect.messages) - 1
            words += " " + ngettext("(%(n)d more line.)", "(%(n)d more lines.)", more) % {"n": more}
        severity = SEVERITY.get(first.level, "warning")
        place = positions.at(first.pointer)
        lines.append(_made(place, severity, words, first.rule, first.pointer, group, defect.repair))
    return lines


def _operations(positions: Positions, written: Written, imported: Import | None) -> list[Listed]:
    """The operations of the text, with those that ChatGPT would have among its available actions."""
    seen = {(op.method, op.path): op for op in imported.operations} if imported else {}
    made = profile(written.contract) if imported else None
    listed = []
    for op in written.contract.operations:
        there = seen.get(made.place(op.method, op.path)) if made else None
        kept = op.exposed and (made is None or bool(there and there.kept))
        why = "" if kept else _("ChatGPT cannot take it.") if op.exposed else _("Hidden from GPT in its settings.")
        line = positions.at(op.pointer).line
        listed.append(Listed(op.operation_id, op.method, op.path, line, kept, why))
    return listed
