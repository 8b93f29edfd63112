"""The sentences of utterances.txt against the projects of the library: what was chosen and filled in, counted."""

import dataclasses
import datetime
import functools
import json
from pathlib import Path

from actionstudio.apps.library.starters import starter
from actionstudio.apps.simulator.providers.provider import Tool
from actionstudio.core.scripted.deciding import decide
from actionstudio.core.scripted.said import Sentence
from actionstudio.core.specs import tools as functions

FILE = Path(__file__).with_name("utterances.txt")
TODAY = datetime.date(2026, 11, 27)
NONE = "-"


@dataclasses.dataclass(frozen=True)
class Case:
    """One line of the file."""

    part: str
    project: str
    language: str
    kind: str
    text: str
    operation: str
    arguments: dict


@dataclasses.dataclass(frozen=True)
class Result:
    """What came of a case."""

    case: Case
    chosen: str
    arguments: dict

    @property
    def right(self) -> bool:
        return self.chosen == self.case.operation

    @property
    def filled(self) -> bool:
        return _plain(self.arguments) == _plain(self.case.arguments)


@functools.cache
def tools(key: str) -> tuple[Tool, ...]:
    """The tools that a GPT with the starter's action has."""
    return tuple(
        Tool(one.name, one.description, one.schema, one.original, summary=one.summary)
        for one in functions.tools(starter(key))
    )


def cases() -> list[Case]:
    lines = [line for line in FILE.read_text().splitlines() if line.strip() and not line.startswith("#")]
    split = [[part.strip() for part in line.split(" | ")] for line in lines]
    return [Case(*parts[:-1], json.loads(parts[-1])) for parts in split]


def result(case: Case) -> Result:
    step = decide(Sentence(case.text, TODAY), tools(case.project))
    filled = json.loads(step.call[1]) if step.call else dict(getattr(step.pending, "arguments", {}))
    asks = "?" if step.why.get("near") else NONE
    return Result(case, step.why.get("operation") or asks, filled)


def shares(results: list[Result]) -> tuple[float, float]:
    """How many of a hundred were chosen right, and how many of those that call have all arguments right."""
    calls = [one for one in results if one.right and one.case.operation != NONE]
    right = 100 * sum(one.right for one in results) / len(results)
    return right, 100 * sum(one.filled for one in calls) / max(1, len(calls))


def _plain(value) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False).lower()


def main() -> None:
    """The table of docs/simulator.md: python -m tests.core.scripted.corpus"""
    found = [result(case) for case in cases()]
    for title, chosen in (
        ("tuned on", [one for one in found if one.case.part == "seen"]),
        ("held back", [one for one in found if one.case.part == "held"]),
        ("everyday, tuned on", [one for one in found if one.case.part in ("told", "daily")]),
        ("everyday, held back", [one for one in found if one.case.part == "aside"]),
        ("written before a change", [one for one in found if one.case.part == "apart"]),
        ("written before the last change", [one for one in found if one.case.part == "fresh"]),
        *((name, [one for one in found if one.case.language == name]) for name in ("en", "fr", "zh", "ko")),
        *((name, [one for one in found if one.case.kind == name]) for name in ("direct", "indirect", "negative")),
    ):
        right, filled = shares(chosen)
        print(f"| {title} | {len(chosen)} | {right:.1f} % | {filled:.1f} % |")


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "actionstudio.settings")
    django.setup()
    main()
