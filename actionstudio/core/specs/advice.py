"""Texts for the GPT editor made of a contract: a start for the instructions, and conversation starters."""

from __future__ import annotations

import re

from actionstudio.core import limits
from actionstudio.core.contract import Contract, Operation
from actionstudio.core.importer.profile import profile
from actionstudio.core.resolve import Resolver
from actionstudio.core.specs import typescript

STARTERS = 4  # what the editor shows to users
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\W\d_A-Za-z]+")
_SMALL = frozenset(("a", "all", "an", "the"))


def instructions(contract: Contract) -> str:
    """What the model needs to know beside the namespace: which action does what, and which ones to be careful with.

    At most limits.INSTRUCTIONS characters (PUB-02).
    """
    title = contract.title.strip() or "the API"
    told = profile(contract).contract.operations
    lines = [f"You answer with the help of {title}. Use its actions for facts about it instead of guessing.", ""]
    lines += [f"- {op.operation_id}: {deed}" if (deed := _deed(op)) else f"- {op.operation_id}" for op in told]
    careful = [op.operation_id for op in told if asks(op)]
    if careful:
        lines += ["", f"Before {_either(careful)}, say what will be changed and wait for a yes."]
    lines += ["", "If a call fails, say so and what the answer said; do not make up a result."]
    return _within("\n".join(lines).replace("\n\n\n", "\n\n"), limits.INSTRUCTIONS)


def starters(contract: Contract) -> list[str]:
    """Up to four first sentences, of the operations that need least and change nothing. Of those that differ in
    numbers or small words only, one."""
    made = profile(contract).contract
    resolver = Resolver(made)

    def needs(op: Operation) -> tuple[bool, int]:
        return asks(op), sum(required for _name, _schema, required, _text in typescript.arguments_of(resolver, op))

    ordered = sorted(made.operations, key=needs)
    found: dict[str, str] = {}
    for op in ordered:
        deed = _deed(op) or _named(op)
        found.setdefault(_gist(deed), deed)
    return list(found.values())[:STARTERS]


def asks(op: Operation) -> bool:
    """Whether ChatGPT asks the user before each call (x-openai-isConsequential; unsaid, all but GET do)."""
    return op.consequential if op.consequential is not None else op.method != "GET"


def _deed(op: Operation) -> str:
    """What an operation does: its summary, or the first sentence of its description."""
    text = " ".join((op.summary or op.description).split())
    first = text.partition(". ")[0].rstrip(".")
    return first if len(first) <= 120 else first[:119].rstrip() + "…"


def _named(op: Operation) -> str:
    """The name of an operation as words: ``listThings`` is “List things”."""
    words = [word if len(word) > 1 and word.isupper() else word.lower() for word in _WORD.findall(op.operation_id)]
    text = " ".join(words)
    return text[:1].upper() + text[1:]


def _gist(text: str) -> str:
    """What two texts share that say nearly the same."""
    words = [word.lower() for word in _WORD.findall(text)]
    return " ".join(word for word in words if not word.isdigit() and word not in _SMALL) or text


def _either(names: list[str]) -> str:
    *some, last = names
    return f"{', '.join(some)} or {last}" if some else last


def _within(text: str, most: int) -> str:
    """The text without the lines that do not fit; the last line always stays."""
    lines = text.split("\n")
    while len("\n".join(lines)) > most and len(lines) > 2:
        del lines[-3]
    return "\n".join(lines)[:most]
