"""What an operation's description says it does, as somebody would ask for it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

type JSON = Any

ARGUMENTS = 4  # that one sentence names
# Verbs with which descriptions begin, in their plain form
_OF_GETTING = "answer check fetch find get give list look read retrieve return search show tell"
_OF_DOING = (
    "accept add apply approve archive ask assign attach book buy calculate cancel change charge close confirm convert "
    "copy count create delete download export generate import insert invite issue log make mark move open order pay "
    "place post publish put record refund register remove rename replace request reserve reset save schedule send set "
    "start stop store submit subscribe track translate update upload upsert write"
)
_GETS = frozenset(_OF_GETTING.split())
_DOES = _GETS | frozenset(_OF_DOING.split())
# How one asks for something in languages whose verbs are left alone here
_PLEASE = {"fr": "S'il te plaît : {}", "zh-Hans": "请帮我：{}", "ko": "부탁해요: {}", "ja": "お願いします：{}"}


_OBJECT = r"(?:a|an|the|it|its|one|all|with|what|whether)\b"  # what follows a verb, and hardly ever a plural
# Where a description goes on with what else it does ("… and answers with its id"): one sentence asks for one deed
_MORE = re.compile(
    rf",? (?:and|or|then) (?:{'|'.join(f'(?:{verb}|{verb[:-1]}i)e?s' for verb in sorted(_DOES))})(?= {_OBJECT})",
    re.I,
)
_AWAY = re.compile(r" (?:back|away|off|out|in|on|up|to|from|into)\b")  # "gives back" gets nobody anything to see


def does(texts: Sequence[str]) -> str:
    """What an operation does, by the first of these texts that begins with a verb, else by the first that there is."""
    cut = [_first(text.strip().rstrip(".。")) for text in texts if text.strip()]
    return next((text for text in cut if _parted(text)[0]), cut[0] if cut else "")


def _first(text: str) -> str:
    """A text without what it says of a second deed in its last line."""
    more = _MORE.search(text, text.rfind("\n") + 1)
    return text[: more.start()] if more else text


def orders(text: str) -> bool:
    """Whether a text begins with a verb and its object."""
    verb, rest = _parted(text)
    return bool(verb) and re.match(rf" {_OBJECT}", rest) is not None


def request(does: str, values: Mapping[str, JSON], language: str) -> str:
    """``Adds a todo`` as ``Please add a todo, with the title “Milk”.``, what says no deed as something to be shown."""
    if language in _PLEASE:
        told = ", ".join(f"{name} {_shown(value)}" for name, value in _few(values))
        return _PLEASE[language].format(f"{does} ({told})" if told else does)
    verb, rest = _parted(does)
    text = f"Please {verb}{rest}" if verb else f"Please show me {does[:1].lower()}{does[1:]}"
    return f"{text}{_with(values)}."


def wish(does: str, values: Mapping[str, JSON], language: str) -> str:
    """``Returns the open orders`` as ``I would like to see the open orders.``; "" when nothing is got, and in other
    languages than English."""
    verb, rest = _parted(does)
    thing = re.sub(r"^ (with|for|up|at) ", " ", rest)
    if language != "en" or verb not in _GETS or not thing.strip() or _AWAY.match(thing):
        return ""
    if verb in ("answer", "tell") and thing == rest:
        return ""  # who is answered or told is not what one gets
    return f"I would like to see{thing}{_with(values)}."


def _parted(does: str) -> tuple[str, str]:
    """The verb in its plain form and the rest; no verb where the text begins with something else."""
    first, space, rest = does.partition(" ")
    word = first.lower()
    forms = (word, word.removesuffix("s"), word.removesuffix("es"), f"{word.removesuffix('ies')}y")
    verb = next((form for form in forms if form in _DOES), "")
    return (verb, f"{space}{rest}") if verb else ("", does)


def _with(values: Mapping[str, JSON]) -> str:
    told = [f"the {_words(name)} {_shown(value)}" for name, value in _few(values)]
    if not told:
        return ""
    *some, last = told
    return f", with {', '.join(some)} and {last}" if some else f", with {last}"


def _few(values: Mapping[str, JSON]) -> list[tuple[str, JSON]]:
    return list(values.items())[:ARGUMENTS]


def _words(name: str) -> str:
    """``orderId`` and ``order_id`` as ``order id``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[_-]+", " ", name).lower()


def _shown(value: JSON) -> str:
    return f"“{value}”" if isinstance(value, str) else str(value)
