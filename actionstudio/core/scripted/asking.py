"""The question for what is missing, and the answer to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from actionstudio.core.chatgpt.files import ARGUMENT
from actionstudio.core.scripted import patterns
from actionstudio.core.scripted.filling import example, fill_into
from actionstudio.core.scripted.fitting import as_number
from actionstudio.core.scripted.said import Sentence
from actionstudio.core.scripted.spans import Span
from actionstudio.core.scripted.telling import label
from actionstudio.core.scripted.tool import Known, Parameter, Tool, kind_of
from actionstudio.core.scripted.weighing import near, thing_before
from actionstudio.core.scripted.words import without_ending
from actionstudio.core.words import said

type JSON = Any
SHORT = 3  # words of an answer that is a value and nothing else
CLOSE = 2.5  # how near an argument's own name stands to a value that is meant for it
_PIECES = re.compile(
    r"[;、，\n]|,(?!\d)|(?<!\d),|\s(?:and|et)\s|(?<=[\d元角分])和|(?<=\S)(?:이고|하고|랑)\s|\s그리고\s", re.I
)  # a comma between digits is the decimals'
_VALUES = ("quoted", "code", "number", "name", "unknown")
_WRAPPING = re.compile(
    r"^(?:it(?: is|['’]s)|that(?: is|['’]s)|the (?:name|id|number) is|my name is|to|for|in)\s+"
    r"|^(?:c['’]est|ce sera|je veux|pour|à|au|用)\s+"
    r"|^(?:是|叫做?|为|在)|(?:이에요|예요|입니다|이야|요|으?로 해줘|please|s'il (?:te|vous) pla[iî]t|svp|吧|就行)$",
    re.I,
)


def question(tool: Tool, missing: Sequence[Parameter]) -> tuple[str, ...]:
    """What is asked back, a line each."""
    name = tool.operation_id or tool.name
    if len(missing) == 1:
        one = missing[0]
        first = said("For %(operation)s I need to know: %(what)s", operation=name, what=_what(one))
        return (first, *_choices(one))
    lines: list[str] = [said("For %(operation)s I need to know:", operation=name)]
    for one in missing:
        lines += [f"- {_what(one)}", *_choices(one)]
    return tuple(lines)


def unfit(
    missing: Sequence[Parameter],
    fact: Known,
    sentence: Sentence,
    taken: Sequence[tuple[int, int]] = (),
    bare: bool = False,
) -> tuple[str, ...]:
    """That a value was seen for what is missing, and why it is none: behind the name of the thing or of the argument,
    or, with ``bare``, as an answer that says nothing else."""
    short = bare and len(sentence.tokens) <= SHORT
    spans = [
        one
        for one in sentence.spans
        if one.kind in _VALUES and not any(a < one.end and one.start < b for a, b in taken)
    ]
    for one in missing:
        if kind_of(one.schema) not in ("integer", "number") and "pattern" not in one.schema:
            continue
        for span in spans:
            thing = one.roles.identifier and thing_before(fact, sentence, span)
            if short or thing or near(one, sentence, span) >= CLOSE:
                return (_unfit(one, span),)
    return ()


def _unfit(one: Parameter, span: Span) -> str:
    text, name, shown = str(span.value), label(one.name), example(one)
    if span.kind != "number" and kind_of(one.schema) in ("integer", "number"):
        return said("“%(text)s” is no number, and %(name)s has to be one.", text=text, name=name)
    if shown is None:
        return said("“%(text)s” is not what %(name)s may be.", text=text, name=name)
    return said("“%(text)s” is not what %(name)s may be, such as %(example)s.", text=text, name=name, example=shown)


def understood(missing: Sequence[Parameter], fact: Known, sentence: Sentence, whole: bool = True) -> dict[str, JSON]:
    """What an answer says for the arguments that were asked for; with ``whole`` a bare answer is one as it stands."""
    if whole and len(missing) == 1 and missing[0].roles.free and _plain(sentence):
        text = _bare(missing[0], sentence)
        if text is not None:
            return {missing[0].name: text}  # a text that was asked for is not cut: it may hold any word
    eager = tuple(replace(one, required=True) for one in missing)
    found = fill_into(eager, fact, sentence)
    left = [one for one in missing if one.name not in found]
    if not whole or not left:
        return found
    if len(missing) > 1:
        one_by_one = _in_turn(missing, fact, sentence)
        if len(one_by_one) > len(found):
            return one_by_one
    for one in left:
        number = _figure(one, sentence) if kind_of(one.schema) in ("integer", "number") else None
        if number is not None and number not in found.values():
            return {**found, one.name: number}
    if found:
        return found
    value = _bare(left[0], sentence) if left[0].name != ARGUMENT else None
    return {left[0].name: value} if value is not None else {}


def _in_turn(missing: Sequence[Parameter], fact: Known, sentence: Sentence) -> dict[str, JSON]:
    """What an answer says that is as many pieces as were asked for: "10.25, damaged". A number, a choice or what keeps
    a pattern finds its piece first, texts take the others in their order."""
    pieces = [piece.strip() for piece in _PIECES.split(sentence.text) if piece.strip()]
    if len(pieces) != len(missing) or sentence.given or any(one.kind == "quoted" for one in sentence.spans):
        return {}
    found: dict[str, JSON] = {}
    for one in sorted(missing, key=_takes_anything):
        for piece in pieces:
            said = understood([one], fact, replace(sentence, text=piece, reader=sentence.language))
            if one.name in said:
                found |= said
                pieces.remove(piece)
                break
    return {one.name: found[one.name] for one in missing if one.name in found}


def _takes_anything(one: Parameter) -> bool:
    bound = kind_of(one.schema) in ("integer", "number", "boolean") or isinstance(one.schema.get("enum"), list)
    return not (bound or "pattern" in one.schema or "format" in one.schema)


def _figure(one: Parameter, sentence: Sentence) -> JSON:
    """The only number of an answer for an argument that is one: the question said already what it is for."""
    figures = [span for span in sentence.spans if span.kind == "number"]
    return as_number(one.schema, figures[0].value) if len(figures) == 1 else None


def _plain(sentence: Sentence) -> bool:
    """Whether an answer is a text and nothing else: nothing quoted, no JSON, no "name: value"."""
    return not (
        sentence.given or re.search(r"[:：=]", sentence.text) or any(s.kind == "quoted" for s in sentence.spans)
    )


def _bare(one: Parameter, sentence: Sentence) -> JSON:
    """The whole answer as a value of the argument's type; None when it cannot be one."""
    text = _WRAPPING.sub("", sentence.text.strip().strip(".!?。！？ ")).strip(" \"“”«»'")
    if sentence.language == "ko" and " " not in text:
        text = without_ending(text)
    kind = kind_of(one.schema)
    if not text or isinstance(one.schema.get("enum"), list) or kind in ("integer", "number", "boolean", "object"):
        return None
    pattern = one.schema.get("pattern")
    if isinstance(pattern, str) and not patterns.suits(pattern, text):
        return None
    return [text] if kind == "array" else text


def _what(one: Parameter) -> str:
    if one.name == ARGUMENT:
        return said("the files: attach them to what you say")
    description = str(one.schema.get("description") or "").strip()
    return f"{label(one.name)} ({description.rstrip('.')})" if description else label(one.name)


def _choices(one: Parameter) -> tuple[str, ...]:
    values = one.schema.get("enum")
    if not isinstance(values, list) or not values:
        return ()
    names = ", ".join(str(value) for value in values[:12] if value is not None)
    return (said("One of: %(names)s", names=names),)
