"""What a choice of the scripted model costs: one sentence against 30 tools, in milliseconds of CPU.

    python bench/scripted.py [rounds]

New: a sentence that was not heard before, against tools that are known. First: the tools are read, too, as after a
change of the project. Answer: the whole turn with a conversation of ten turns behind it.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]

from actionstudio.core.scripted import answering, tool  # noqa: E402
from actionstudio.core.scripted.choosing import choose  # noqa: E402
from actionstudio.core.scripted.said import Sentence  # noqa: E402

GOAL = 5.0  # milliseconds
THINGS = ("route", "upstream", "service", "consumer", "order", "ticket")
DEEDS = (
    ("getAll", "Answers with every {} and how many there are.", ()),
    ("get", "Answers with one {} by its id.", ("id",)),
    ("create", "Adds a {}. Ask the user before you call this.", ("name", "note", "priority")),
    ("update", "Changes the given fields of a {}.", ("id", "name", "note", "priority")),
    ("delete", "Takes a {} away.", ("id",)),
)
SENTENCES = (
    "Delete the ticket {n}, please",
    "Montre-moi la commande {n}",
    "新建路由，名称 测试{n}",
    "서비스 {n}의 이름을 바꿔줘",
    "What is the capital of country {n}?",
)


@dataclass(frozen=True)
class Tool:
    name: str
    description: str
    parameters: dict[str, Any]
    operation_id: str
    domain: str = ""
    summary: str = ""


@dataclass(frozen=True)
class Message:
    role: str
    text: str
    wishes: tuple[()] = ()
    answers: str = ""
    files: tuple[()] = ()


def tools() -> list[Tool]:
    """30 operations, five on each of six things."""
    made = []
    for thing in THINGS:
        for deed, text, names in DEEDS:
            name = f"{deed}{thing.title()}{'s' if deed == 'getAll' else ''}"
            properties = {one: {"type": "string", "description": f"The {one} of the {thing}"} for one in names}
            schema = {"type": "object", "properties": properties, "required": [one for one in names if one == "id"]}
            made.append(Tool(name, text.format(thing), schema, name))
    return made


def spent(deed: Callable[[], object]) -> float:
    """Milliseconds of CPU."""
    began = time.process_time()
    deed()
    return (time.process_time() - began) * 1000


def main(rounds: int) -> int:
    found = tools()
    talk = [
        Message(role, SENTENCES[4].format(n=n) if role == "user" else "Nothing.")
        for n in range(10)
        for role in ("user", "assistant")
    ]
    choose(Sentence("warm up"), found)
    new, first, whole = [], [], []
    for n in range(rounds):
        text = SENTENCES[n % len(SENTENCES)].format(n=n)
        new.append(spent(lambda text=text: choose(Sentence(text), found)))
        whole.append(spent(lambda text=text: answering.answer([*talk, Message("user", text)], found)))
    for n in range(max(1, rounds // 10)):
        tool._known.cache_clear()
        first.append(spent(lambda n=n: choose(Sentence(SENTENCES[0].format(n=n)), found)))
    for title, values in (("new", new), ("first", first), ("answer", whole)):
        print(f"{title:8} {statistics.median(values):6.2f} ms   worst {max(values):6.2f} ms")
    good = statistics.median(new) < GOAL
    print(f"goal: a choice among {len(found)} tools below {GOAL} ms: {'met' if good else 'MISSED'}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200))
