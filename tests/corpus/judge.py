"""What becomes of one real document: read, written, imported by ChatGPT's rules, and the same after the repairs."""

from __future__ import annotations

import re
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from actionstudio.core import limits
from actionstudio.core.contract import Contract, Operation
from actionstudio.core.importer import simulate_document
from actionstudio.core.importer.profile import enabled
from actionstudio.core.problem import Refused
from actionstudio.core.specs import gpt, openapi
from actionstudio.core.specs.readers.openapi import read
from tests.corpus import same
from tests.corpus.documents import name_of

HOST = "https://corpus.example.com"


@dataclass
class Row:
    """One document. ``crash`` is a traceback; ``state`` is what ChatGPT does with it as it stands."""

    name: str
    size: int = 0
    crash: str = ""
    refused: str = ""  # by our reader
    state: str = ""  # refused | losing | grumbling | silent
    operations: int = 0
    callable: int = 0  # operations that a GPT could call: a method it knows, no body or a JSON one
    texts: tuple[str, ...] = ()  # of the import as it stands
    left: tuple[str, ...] = ()  # messages after the repairs
    missing: int = 0  # operations that are gone after the repairs without having been left out by choice
    different: tuple[str, ...] = ()  # where the full profile differs from the source
    drifting: bool = False  # written, read and written again it is another document
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def clean(self) -> bool:
        """Whether the repaired document imports in silence with every operation that was chosen."""
        return not (self.crash or self.refused or self.left or self.missing)


def judge(path: Path) -> Row:
    """Everything about one document. Never raises: a crash is a result."""
    data = path.read_bytes()
    row = Row(name_of(path), len(data))
    try:
        _judge(row, orjson.loads(data))
    except Exception:
        row.crash = traceback.format_exc()
    return row


def _judge(row: Row, document: Any) -> None:
    _as_it_stands(row, document)
    began = time.perf_counter()
    try:
        report = read(document)
    except Refused as refused:
        row.refused = str(refused)
        return
    row.seconds["read"] = time.perf_counter() - began
    row.operations = report.operations_in
    _round_trip(row, document, report.contract, [problem.pointer for problem in report.problems])
    _repaired(row, report.contract)


def _as_it_stands(row: Row, document: Any) -> None:
    began = time.perf_counter()
    found = simulate_document(document)
    row.seconds["simulate"] = time.perf_counter() - began
    row.texts = tuple(message.text for message in found.messages)
    lost = any(not op.kept or op.dropped_parameters for op in found.operations)
    row.state = "refused" if found.fatal else "losing" if lost else "grumbling" if found.messages else "silent"


def _round_trip(row: Row, document: Any, contract: Contract, told: list[str]) -> None:
    written = openapi.render(contract)
    row.drifting = openapi.render(read(written).contract) != written
    row.different = tuple(same.differences(document, written, told)[:20])


def _repaired(row: Row, contract: Contract) -> None:
    row.callable = sum(map(_callable, contract.operations))
    began = time.perf_counter()
    mended = enabled(contract, None)
    served = openapi.render(mended, profile="gpt", servers=[HOST])
    row.seconds["repair"] = time.perf_counter() - began
    found = simulate_document(served, root=HOST)
    row.left = tuple(message.text for message in found.messages)
    row.missing = max(0, min(row.callable, limits.OPERATIONS) - sum(op.kept for op in found.operations))


def _callable(op: Operation) -> bool:
    if op.method not in gpt.VERBS:
        return False
    kinds = [media.media_type for media in op.body.content] if op.body and not op.body.ref else []
    return not kinds or any("json" in kind.lower() for kind in kinds)


def shape(text: str) -> str:
    """A message without its names, so that messages of one kind can be counted."""
    text = re.sub(r"\('.*?'\):", "(…):", text) if text.startswith("(") else text
    text = re.sub(r"In path .*?, method \w+(, operationId [^,]*)?", "In path …", text)
    text = re.sub(r"Path \S.*? has unrecognized", "Path … has unrecognized", text)
    text = re.sub(r"In context=\(.*?\),", "In context=(…),", text)
    text = re.sub(r"parameter .* (is has|is dup|has location)", r"parameter … \1", text)
    text = re.sub(r"component .*; using", "component …; using", text)
    return re.sub(r"https?://\S+|\b\d+\b", "…", text)[:140]
