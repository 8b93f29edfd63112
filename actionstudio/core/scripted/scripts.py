"""Scripts: what the scripted model does on certain sentences, whatever its rules would choose. For exact tests."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from actionstudio.core.problem import Problem
from actionstudio.core.scripted import patterns
from actionstudio.core.words import said

type JSON = Any

WHENS = ("contains", "regex", "exact", "turn")
THENS = ("call", "say", "fail")
LONGEST_PATTERN = 300
_PLACE = re.compile(r"\{\{\s*([\w.\[\]-]+)\s*\}\}")


@dataclass(frozen=True, slots=True)
class Script:
    """``when``: contains (``pattern`` stands in the sentence, upper and lower case alike), regex, exact, or turn (the
    user's nth sentence). ``then``: call ``operation`` with ``arguments`` (an object as JSON text) and, when the answer
    has come, say ``text``; say ``text``; or fail as a model's server does, with ``text``.

    In ``arguments`` and ``text`` stand ``{{text}}`` (the sentence), ``{{1}}`` and ``{{name}}`` (groups of the regex)
    and, once there is one, ``{{answer}}`` and ``{{answer.field.0.other}}``.
    """

    when: str
    pattern: str
    then: str
    operation: str = ""
    arguments: str = ""
    text: str = ""
    name: str = ""


def matching(scripts: Sequence[Script], text: str, turn: int) -> tuple[Script, dict[str, str]] | None:
    """The first script for a sentence, the user's ``turn``-th (from 1), with what stands for its places."""
    for script in scripts:
        groups = _groups(script, text, turn)
        if groups is not None:
            return script, {"text": text, **groups}
    return None


def filled(template: str, values: Mapping[str, str], answer: JSON = None) -> str:
    """A text with its places filled; one that nothing is known for is empty."""
    return _PLACE.sub(lambda match: _value(match[1], values, answer), template)


def arguments_of(script: Script, values: Mapping[str, str]) -> str:
    """The arguments of a script's call as the model writes them: JSON text, with texts escaped inside strings."""
    template = script.arguments.strip() or "{}"
    try:
        shape = orjson.loads(template)
    except orjson.JSONDecodeError:
        return filled(template, values)  # a script may write what is no JSON, to see what ChatGPT makes of it
    return orjson.dumps(_filled(shape, values)).decode()


def problems(script: Script, operations: Sequence[str] = ()) -> list[Problem]:
    """What is wrong with a script, by its fields."""
    found = []
    if script.when not in WHENS:
        found.append(Problem("/when", said("Choose one of %(names)s.", names=", ".join(WHENS)), "choice"))
    if script.then not in THENS:
        found.append(Problem("/then", said("Choose one of %(names)s.", names=", ".join(THENS)), "choice"))
    found += _wrong_pattern(script)
    if script.then == "call" and not script.operation:
        found.append(Problem("/operation", said("Which operation is to be called?"), "missing"))
    elif script.then == "call" and operations and script.operation not in operations:
        message = said("ChatGPT has no operation %(name)s of this project.", name=script.operation)
        found.append(Problem("/operation", message, "unknown"))
    if script.then == "say" and not script.text.strip():
        found.append(Problem("/text", said("What is to be said?"), "missing"))
    if script.then == "call" and script.arguments.strip():
        found += _wrong_arguments(script.arguments)
    return found


def _wrong_pattern(script: Script) -> list[Problem]:
    pattern = script.pattern.strip()
    if not pattern:
        return [Problem("/pattern", said("When is this to happen?"), "missing")]
    if script.when == "turn" and not (pattern.isascii() and pattern.isdigit() and 1 <= int(pattern) <= 1000):
        return [Problem("/pattern", said("The number of the user's sentence, from 1 to 1000."), "number")]
    if script.when != "regex":
        return []
    why = patterns.wrong(pattern)
    if len(pattern) > LONGEST_PATTERN:
        why = said("The pattern is longer than %(most)s characters.", most=LONGEST_PATTERN)
    return [Problem("/pattern", why, "regex")] if why else []


def _wrong_arguments(text: str) -> list[Problem]:
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        message = said("This is not JSON: %(why)s. ChatGPT would refuse the call.", why=str(error))
        return [Problem("/arguments", message, "json")]
    if not isinstance(value, dict):
        return [Problem("/arguments", said("Arguments are one JSON object."), "type")]
    return []


def _groups(script: Script, text: str, turn: int) -> dict[str, str] | None:
    """What the groups of a script's expression found; None when it is not for this sentence."""
    pattern = script.pattern.strip()
    if script.when == "turn":
        return {} if pattern == str(turn) else None
    if script.when == "exact":
        return {} if pattern.casefold() == text.strip().casefold() else None
    if script.when == "contains":
        return {} if pattern.casefold() in text.casefold() else None
    if script.when != "regex" or _wrong_pattern(script):
        return None
    return patterns.groups(pattern, text)


def _filled(shape: JSON, values: Mapping[str, str]) -> JSON:
    if isinstance(shape, dict):
        return {key: _filled(value, values) for key, value in shape.items()}
    if isinstance(shape, list):
        return [_filled(value, values) for value in shape]
    if not isinstance(shape, str):
        return shape
    whole = _PLACE.fullmatch(shape.strip())
    text = filled(shape, values)
    if whole and re.fullmatch(r"-?(?:0|[1-9]\d{0,15})(?:\.\d+)?", text) and whole[1] != "text":
        return float(text) if "." in text else int(text)  # a place that is all of a value keeps a number a number
    return text


def _value(path: str, values: Mapping[str, str], answer: JSON) -> str:
    if path in values:
        return values[path]
    head, *steps = re.sub(r"\[(\d+)\]", r".\1", path).split(".")
    if head != "answer":
        return ""
    for step in steps:
        if isinstance(answer, dict):
            answer = answer.get(step)
        elif isinstance(answer, list) and step.isdigit() and int(step) < len(answer):
            answer = answer[int(step)]
        else:
            return ""
    if answer is None:
        return ""
    return answer if isinstance(answer, str) else orjson.dumps(answer).decode()
