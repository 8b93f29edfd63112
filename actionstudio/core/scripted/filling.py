"""Arguments from a sentence: every value for every argument is weighed, and the best are given out, each value once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from actionstudio.core.chatgpt.files import ARGUMENT
from actionstudio.core.scripted.clauses import without
from actionstudio.core.scripted.fitting import offers
from actionstudio.core.scripted.said import Sentence
from actionstudio.core.scripted.tool import Known, Parameter, Tool, kind_of, known, parameters_of, resolved
from actionstudio.core.scripted.weighing import Offer

type JSON = Any
NEEDED, OPTIONAL = 1.9, 3.4  # how sure a value must be for an argument that is required, or not
SHARED = 4.5  # how sure a text must be to serve for several arguments
DEEPEST = 4
PROVEN = 20.0  # from which on a value proves what the sentence is about: it keeps a pattern, or is named as JSON


@dataclass(frozen=True, slots=True)
class Filled:
    """``arguments`` as they would be sent; ``guessed``: argument -> why it is only a guess; ``missing`` are required
    ones that nothing was found for. ``sure`` is how sure the surest value is; ``places`` are those of the sentence that
    became values."""

    arguments: dict[str, JSON]
    guessed: Mapping[str, str]
    missing: tuple[Parameter, ...]
    sure: float = 0.0
    places: tuple[tuple[int, int], ...] = ()


def fill(tool: Tool | Known, sentence: Sentence, before: Mapping[str, JSON] | None = None) -> Filled:
    """What a sentence says for a tool's arguments. ``before`` are values that stand already."""
    fact = tool if isinstance(tool, Known) else known(tool)
    taken: list[tuple[int, int]] = []
    arguments, guessed, sure = _object(fact.parameters, fact, sentence, 0, taken)
    given = _given(fact.parameters, sentence)
    arguments = {**(before or {}), **arguments, **given}
    sure = max(sure, PROVEN) if given else sure
    if any(one.name == ARGUMENT and one.required for one in fact.parameters) and sentence.earlier:
        arguments.setdefault(ARGUMENT, list(sentence.earlier))
    for one in fact.parameters:
        if one.name not in arguments and one.required:
            default = _default(one)
            if default is not None:
                arguments[one.name] = default
                guessed[one.name] = "default"
    guessed = {name: why for name, why in guessed.items() if name.partition(".")[0] in arguments}
    missing = tuple(one for one in fact.parameters if one.required and one.name not in arguments)
    return Filled(arguments, guessed, missing, sure, tuple(taken))


def _given(parameters: tuple[Parameter, ...], sentence: Sentence) -> dict[str, JSON]:
    """What needs no guess: the files that came with the sentence, and what it writes as JSON."""
    files = {one.name: list(sentence.files) for one in parameters if one.name == ARGUMENT and sentence.files}
    return files | {one.name: value for one in parameters if (value := sentence.literal(one.name)) is not None}


def _object(
    parameters: tuple[Parameter, ...], fact: Known, sentence: Sentence, depth: int, taken: list[tuple[int, int]]
) -> tuple[dict[str, JSON], dict[str, str], float]:
    """The arguments of one object, why some are guesses, and how sure they are. ``taken`` are places used already."""
    bids: list[tuple[float, int, Parameter, Offer]] = []
    nested = []
    for n, one in enumerate(parameters):
        if one.name == ARGUMENT:
            continue  # no word is the id of a file
        kind = kind_of(one.schema)
        if kind in ("array", "object"):
            nested.append(one)
            continue
        least = NEEDED if one.required else OPTIONAL
        bids += [(offer.score, n, one, offer) for offer in offers(one, fact, sentence) if offer.score >= least]
    arguments: dict[str, JSON] = {}
    guessed: dict[str, str] = {}
    sure = 0.0
    texts: list[tuple[int, int]] = []  # places that are texts, and nothing that an argument of another kind took
    for score, _n, one, offer in sorted(bids, key=lambda bid: (-bid[0], bid[1])):
        if one.name in arguments or _used(offer, taken):
            continue
        offer = _rest(offer, sentence, taken)
        if offer.value == "":
            continue
        arguments[one.name] = offer.value
        taken += offer.places
        texts += offer.places if one.roles.free else ()
        sure = max(sure, score)
        if offer.guess:
            guessed[one.name] = offer.guess
    for score, _n, one, offer in bids:  # one text alone, for all that want a text: a ticket's subject and its text
        whole = score >= SHARED and set(offer.places) <= set(texts)
        if whole and one.required and one.roles.free and one.name not in arguments:
            arguments[one.name], guessed[one.name] = offer.value, "the rest of it"
    for one in nested:
        used = len(taken)
        value, more = _nested(one, fact, sentence, depth, taken)
        if value in (None, [], {}):
            del taken[used:]  # what came to nothing gives back the values that it had
        else:
            arguments[one.name] = value
            guessed |= {f"{one.name}.{name}": why for name, why in more.items()}
    order = {one.name: n for n, one in enumerate(parameters)}
    return dict(sorted(arguments.items(), key=lambda pair: order[pair[0]])), guessed, sure


def _rest(offer: Offer, sentence: Sentence, taken: list[tuple[int, int]]) -> Offer:
    """The rest of a sentence without what was given out already at its edge."""
    if offer.guess != "the rest of it" or len(offer.places) != 1:
        return offer
    start, end = without(sentence, offer.places[0], taken)
    if (start, end) == offer.places[0]:
        return offer
    return replace(offer, value=sentence.text[start:end].strip(' \n"“”«»'), places=((start, end),))


def _used(offer: Offer, taken: list[tuple[int, int]]) -> bool:
    """Whether a value's place was given out; a clause may hold what was."""
    return any(
        (a < d and c < b) and not (offer.guess == "the rest of it" and a <= c and d <= b and (a, b) != (c, d))
        for a, b in offer.places
        for c, d in taken
    )


def _nested(
    one: Parameter, fact: Known, sentence: Sentence, depth: int, taken: list[tuple[int, int]]
) -> tuple[JSON, dict[str, str]]:
    """A list or an object of values. Optional ones need a value that is tied to them."""
    if depth >= DEEPEST:
        return None, {}
    if kind_of(one.schema) == "object":
        parameters = parameters_of(one.schema, fact.defs)
        found, guessed, _sure = _object(_as_needed(parameters, one.required), fact, sentence, depth + 1, taken)
        whole = all(other.name in found for other in parameters if other.required)
        return (found if whole else None), guessed
    items = resolved(one.schema.get("items"), fact.defs)
    if kind_of(items) == "object":
        inside = replace(one, schema=items)
        found, guessed = _nested(inside, fact, sentence, depth + 1, taken)
        return ([found] if found else None), guessed
    return _list(one, items, fact, sentence, taken), {}


def _as_needed(parameters: tuple[Parameter, ...], needed: bool) -> tuple[Parameter, ...]:
    """Inside what may be left out nothing is required enough to be guessed."""
    if needed:
        return parameters
    return tuple(replace(one, required=False) for one in parameters)


def _list(
    one: Parameter, items: Mapping[str, JSON], fact: Known, sentence: Sentence, taken: list[tuple[int, int]]
) -> list[JSON]:
    """All values for a list: those that follow the first one are its, too ("1, 2 and 3")."""
    single = replace(one, schema={**items, **_described(one.schema, items)})
    least = NEEDED if one.required else OPTIONAL - 0.4
    found = [offer for offer in offers(single, fact, sentence) if not _used(offer, taken)]
    best = max((offer.score for offer in found), default=0.0)
    if best < least:
        return []
    if one.roles.free and best < 4:
        found = found[:1]
    chosen = _together(found, best, sentence)
    out: list[JSON] = []
    for offer in chosen:
        if not _used(offer, taken) and offer.value not in out:
            out.append(offer.value)
            taken += offer.places
    return out[: int(one.schema.get("maxItems") or 100)]


_JOINED = re.compile(r"(?:[\s,;、/&和与及와과번号]|and|et|or|ou|하고)*+", re.I)


def _together(found: list[Offer], best: float, sentence: Sentence) -> list[Offer]:
    """The surest values in the order of the sentence, and those that are joined to one by a comma or an "and"."""
    chosen: list[Offer] = []
    for offer in sorted(found, key=lambda one: one.places):
        gap = sentence.text[chosen[-1].places[-1][1] : offer.places[0][0]] if chosen else "-"
        if offer.score >= best - 0.01 or (offer.score >= 5 and best < 9) or (chosen and _JOINED.fullmatch(gap)):
            chosen.append(offer)
    return chosen


def _described(schema: Mapping[str, JSON], items: Mapping[str, JSON]) -> dict[str, JSON]:
    text = schema.get("description")
    return {"description": text} if text and "description" not in items else {}


def _default(one: Parameter) -> JSON:
    """What a required argument is when nobody says: its constant, its only value, its default."""
    schema = one.schema
    if "const" in schema:
        return schema["const"]
    values = schema.get("enum")
    if isinstance(values, list) and len(values) == 1:
        return values[0]
    return schema.get("default")


def example(one: Parameter) -> JSON:
    """What the schema shows as a value, None for nothing: for somebody who does not mind which."""
    schema = one.schema
    shown = schema.get("examples")
    values = schema.get("enum")
    for value in (schema.get("example"), *(shown if isinstance(shown, list) else ()), schema.get("default")):
        if value is not None:
            return value
    if isinstance(values, list) and values:
        return values[0]
    return None


def fill_into(parameters: tuple[Parameter, ...], fact: Known, sentence: Sentence) -> dict[str, JSON]:
    """What a sentence says for these arguments of a tool alone."""
    found, _guessed, _sure = _object(parameters, fact, sentence, 0, [])
    return {**found, **_given(parameters, sentence)}
