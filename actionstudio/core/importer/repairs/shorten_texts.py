"""Repair: texts are as short as ChatGPT wants them (OP-05, OP-06)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from actionstudio.core import limits
from actionstudio.core.contract import Contract, Operation, Parameter
from actionstudio.core.importer import mending
from actionstudio.core.importer.repair import Mended, Note, repair
from actionstudio.core.words import said

_END = re.compile(r"[.!?](?=\s)|\n\s*\n")


@repair(title=said("Shorten texts"), order=40)
def mend(contract: Contract, options: Any) -> Mended:
    """ChatGPT refuses a description of an endpoint with more than 300 characters, of a parameter with more than 700.
    Here longer ones end where a sentence ends; look at each, or write a short one of your own. Your document keeps the
    long text."""
    texts = options.get("texts") if isinstance(options, Mapping) else None
    short = _Shortener(texts if isinstance(texts, Mapping) else {})

    def operation(op: Operation) -> Operation:
        most = limits.OPERATION_TEXT
        summary = short(op.summary, f"{op.pointer}/summary", most)
        description = short(op.description, f"{op.pointer}/description", most)
        parameters = tuple(parameter(op, one) for one in op.parameters)
        if summary is op.summary and description is op.description and mending.same(parameters, op.parameters):
            return op
        return replace(op, summary=summary, description=description, parameters=parameters)

    def parameter(op: Operation, one: Parameter) -> Parameter:
        text = short(one.description, text_pointer(op, one), limits.PARAMETER_TEXT)
        return one if text is one.description else replace(one, description=text)

    return Mended(mending.each_operation(contract, operation), tuple(short.notes))


def text_pointer(op: Operation, one: Parameter) -> str:
    """Where a parameter's description is told to stand: by its name, so that it stays right when the list changes."""
    return f"{op.pointer}/parameters/{one.in_}/{one.name.replace('~', '~0').replace('/', '~1')}/description"


class _Shortener:
    def __init__(self, texts: Mapping[str, Any]) -> None:
        self.texts = texts
        self.notes: list[Note] = []

    def __call__(self, text: str, pointer: str, most: int) -> str:
        own = self.texts.get(pointer)
        if isinstance(own, str) and own.strip() and len(own) <= most and text:
            if own == text:
                return text
            self.notes.append(Note("shorten-texts", pointer, said("A short text of your own stands here.")))
            return own
        if len(text) <= most:
            return text
        made = shortened(text, most)
        words = said("Cut from %(before)s to %(after)s characters.", before=len(text), after=len(made))
        self.notes.append(Note("shorten-texts", pointer, words, True))
        return made


def shortened(text: str, most: int) -> str:
    """The first sentences of ``text`` that fit into ``most`` characters; else its first words."""
    text = text.strip()
    if len(text) <= most:
        return text
    ends = [match.end() for match in _END.finditer(text[: most + 1]) if match.end() <= most]
    if ends and ends[-1] >= most // 4:
        return text[: ends[-1]].strip()
    words = text[: most - 1].rsplit(None, 1)
    cut = words[0] if len(words) == 2 and len(words[0]) >= most // 4 else text[: most - 1]
    return cut.rstrip(" ,;:-") + "…"
