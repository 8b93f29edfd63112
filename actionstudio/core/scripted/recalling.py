"""What was said and answered before, for a sentence that speaks of "it", "the first" or 그것."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from actionstudio.core.scripted import patterns
from actionstudio.core.scripted.said import Sentence
from actionstudio.core.scripted.stemming import folded
from actionstudio.core.scripted.telling import Outcome, inner
from actionstudio.core.scripted.tool import Known, Parameter, kind_of
from actionstudio.core.words import said

type JSON = Any
_REFERS = re.compile(
    r"(?<!\w)(?:it|its|that|this|these|those|them|one|same|he|she|her|his|their|le|la|les|lui|celui|celle|ce|cet|cette|"
    r"meme|premier|premiere|dernier|derniere|first|second|third|last)(?!\w)|它|这个|那个|这|那|他|她|第[一二三四五\d]|刚才|最后"
    r"|그거|그것|그|이것|이거|이|저|첫|두\s?번째|번째|마지막|방금"
)


def recalled(
    missing: Sequence[Parameter], fact: Known, sentence: Sentence, outcomes: Sequence[Outcome]
) -> tuple[dict[str, JSON], dict[str, str]]:
    """Values for what is missing, from earlier calls, and why each is a guess. Free texts are never taken again."""
    found: dict[str, JSON] = {}
    guessed: dict[str, str] = {}
    refers = bool(_REFERS.search(folded(sentence.text)) or _REFERS.search(sentence.text))
    for one in missing:
        role = one.roles
        if not (role.identifier or role.name or role.place):
            continue
        value = _answered(one, fact, sentence, outcomes) if refers else None
        why = said("from an earlier answer")
        if value is None and (refers or not role.place):
            value, why = _asked(one, outcomes), said("as in the call before")
        if value is not None:
            found[one.name], guessed[one.name] = value, why
    return found, guessed


def _asked(one: Parameter, outcomes: Sequence[Outcome]) -> JSON:
    """The value of the same argument in the newest call that had it."""
    for outcome in reversed(outcomes):
        value = outcome.arguments.get(one.name)
        if value is not None and _suits(one, value):
            return _typed(one, value)
    return None


def _answered(one: Parameter, fact: Known, sentence: Sentence, outcomes: Sequence[Outcome]) -> JSON:
    """The value that the newest answer has under the argument's name, or under "id" where it is about the same."""
    ordinal = next((span.value for span in sentence.spans if span.kind == "ordinal"), 1)
    for outcome in reversed(outcomes):
        if outcome.error:
            continue
        rows = list(_rows(outcome.data))
        place = ordinal - 1 if ordinal > 0 else ordinal
        if not rows or not -len(rows) <= place < len(rows):
            continue
        for key in _keys(one, fact):
            value = next((item for name, item in rows[place].items() if _same(name, key)), None)
            if value is not None and not isinstance(value, list | dict) and _suits(one, value):
                return _typed(one, value)
    return None


def _rows(data: JSON) -> Iterator[Mapping[str, JSON]]:
    """The objects of an answer: those of its list, else itself."""
    data = inner(data)
    if isinstance(data, list):
        yield from (one for one in data if isinstance(one, dict))
    elif isinstance(data, dict):
        lists = [value for value in data.values() if isinstance(value, list) and value and isinstance(value[0], dict)]
        if lists and "id" not in data:
            yield from (one for one in lists[0] if isinstance(one, dict))
        else:
            yield data


def _keys(one: Parameter, fact: Known) -> list[str]:
    name = one.name.removesuffix("[]").removesuffix("s") if kind_of(one.schema) == "array" else one.name
    return [name, "id", "number", "code", "key"] if one.roles.identifier else [name, "name"]


def _same(a: str, b: str) -> bool:
    return re.sub(r"[^a-z0-9]", "", a.lower()) == re.sub(r"[^a-z0-9]", "", b.lower())


def _suits(one: Parameter, value: JSON) -> bool:
    kind, pattern = kind_of(one.schema), one.schema.get("pattern")
    if isinstance(pattern, str):
        return patterns.suits(pattern, str(value))
    if kind in ("integer", "number"):
        return str(value).lstrip("-").replace(".", "", 1).isdigit()
    return not isinstance(value, dict) and (kind == "array") == isinstance(value, list)


def _typed(one: Parameter, value: JSON) -> JSON:
    kind = kind_of(one.schema)
    if kind == "integer":
        return int(value)
    if kind == "string":
        return str(value)
    return value
