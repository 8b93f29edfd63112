"""Which operation a sentence asks for: words weighed as in a search (BM25 over fields), then what fits beside them.

A word weighs by what it is (a thing more than a verb, a verb more than "number"), by how few of the tools have it, and
by the field that it stands in: name 3, description 1, argument's name 1, its description 0.4, its values 0.7. The sum
is compared with what the sentence says in all: one that speaks of something else chooses nothing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from actionstudio.core.scripted.filling import PROVEN, Filled, fill
from actionstudio.core.scripted.lexicon import lexicon
from actionstudio.core.scripted.said import Sentence
from actionstudio.core.scripted.tool import Known, Tool, known, says, summed_up
from actionstudio.core.scripted.weighing import thing_before
from actionstudio.core.scripted.words import Token

LEAST = 0.4  # of the words' weight, from which on a tool is chosen
SURE = 0.30  # what the matched words weigh at least: one thing that a name says
_WEIGHTS = {"n": 1.0, "x": 0.7, "c": 0.45, "u": 0.45, "d": 0.45, "r": 0.2, "v": 0.35, "g": 0.25, "a": 0.5}
_STRONG = {"find": 0.5, "convert": 0.6, "compare": 0.6, "count": 0.3}  # reading of a kind that not all tools do
_UNKNOWN = 0.3
FITTED = 6  # how many of the best are filled in on trial
_PROOF = 0.7  # what a value weighs that proves what the sentence is about
_CONCEPT = 0.9  # a word that means the same, against the same word
_SATURATES = 0.6
_FOREIGN = frozenset(("convert", "compare", "book", "buy", "send"))  # deeds that few services do
_WHERE = frozenset(("where", "où"))
_POINTED = 1.45  # one thing was pointed at, and the tool reads one
_LEFT_OUT = 0.7  # a code or an address was said, and the tool has no use for it
SEPARATE = re.compile(r"\b(?:take|cross|strike|get|pull)\b.{1,40}\b(?:off|out|away)\b", re.I)
_ONE = re.compile(
    r"^where(?:['’]s| is| are)? (?:my|the|our)\b|^(?:où|ou) en (?:est|sont)|^où (?:est|sont)|到哪|在哪|어디",
    re.I,
)
type Number = tuple[bool | None, bool, bool]  # whether many are asked for, whether that is certain, whether only read

_QUESTION = re.compile(
    r"[?？]\s*$|[吗呢]\s*$|^(?:what|which|who|when|where|how|is|are|has|have|do|does|did|quel|qui|où)\b", re.I
)


@dataclass(frozen=True, slots=True)
class Ranked:
    """How a tool did. ``score`` is between 0 and about 1, ``words`` are the sentence's that spoke for it; ``mass`` is
    what they weigh. ``whole``: all that it requires was found, and it requires something. ``strange`` counts the words
    that nobody knows and that became no value, ``foreign`` the things of the dictionary that it does not have."""

    tool: Tool
    score: float
    words: tuple[str, ...]
    mass: float = 0.0
    whole: bool = False
    strange: int = 0
    foreign: int = 0

    @property
    def passes(self) -> bool:
        """Whether it may be called on this."""
        return self.score >= LEAST and self.mass >= SURE


def choose(sentence: Sentence, tools: Sequence[Tool]) -> list[Ranked]:
    """All tools, the best first; those that may win are weighed by what the sentence has for their arguments, too."""
    said = sentence.wishes
    facts = [known(tool) for tool in tools]
    matches = [_Word(token, facts) for token in said if token.says]
    deeds = deeds_of(said, sentence.text) or ("?" if asks(sentence.text) else "")
    ranked = []
    for n, fact in enumerate(facts):
        mass = sum(word.weight(n) for word in matches)
        whole = sum(word.weighs for word in matches) or 1.0
        score = mass / whole * _does(deeds, fact)
        ranked.append((score, n))
    ranked.sort(key=lambda one: (-one[0], one[1]))
    one = _ONE.search(sentence.text) is not None
    many = False if one else _many(said)
    number = (many, one, not set(deeds) & set("cudx"))
    out = [
        _look(n, tools[n], facts[n], matches, deeds, number, sentence if m < FITTED else None)
        for m, (_score, n) in enumerate(ranked)
    ]
    return sorted(out, key=lambda one: -one.score)


def _look(
    n: int, tool: Tool, fact: Known, matches: list[_Word], deeds: str, number: Number, sentence: Sentence | None
) -> Ranked:
    """How tool ``n`` did; with ``sentence`` what it fills in counts as well."""
    filled = fill(fact, sentence) if sentence is not None else None
    places = filled.places if filled is not None else ()
    mass, whole, words = 0.0, 0.0, []
    strange = foreign = 0
    ordinals = [span for span in sentence.spans if span.kind == "ordinal"] if sentence is not None else []
    for word in matches:
        weight = word.weight(n)
        if weight > 0:
            words.append(word.token.text)
        elif any(a < word.token.end and word.token.start < b for a, b in places):
            continue  # it became a value, so it does not speak of something else
        elif word.token.kind == "unknown":
            strange += not any(one.start < word.token.end and word.token.start < one.end for one in ordinals)
        else:
            foreign += word.thing
        mass += weight
        whole += word.weighs
    factor = _does(deeds, fact)
    if filled is not None and sentence is not None:
        if _named(sentence.text, tool) or summed_up(tool, sentence.text):
            return Ranked(tool, 2.0, (tool.operation_id or tool.name,), 9.0)
        proof = _PROOF if filled.sure >= PROVEN else 0.0
        mass, whole = mass + proof, whole + proof
        factor *= _fits(fact, filled, number, sentence)
    score = round(mass / (whole or 1.0) * factor, 4)
    complete = filled is not None and not filled.missing and any(one.required for one in fact.parameters)
    return Ranked(tool, score, tuple(dict.fromkeys(words)), round(mass, 4), complete, strange, foreign)


def _fits(fact: Known, filled: Filled, number: Number, sentence: Sentence) -> float:
    """Whether what is required is there, whether one thing or many were asked for, and whether a code found a place."""
    many, certain, looks = number
    needed = sum(1 for one in fact.parameters if one.required)
    factor = 0.8 + 0.2 * (1.0 - len(filled.missing) / needed if needed else 1.0)
    reads = fact.does[:1] in ("", "r")
    if reads and looks and needed and not fact.many and _pointed(fact, sentence):
        factor *= _POINTED
    elif many is not None and reads:
        factor *= (_POINTED if certain else 1.06) if many == fact.many else 0.97
    left = [span for span in sentence.spans if span.kind in ("code", "email")]
    asks = any(one.roles.identifier for one in filled.missing)  # one that is written wrong is told of, not passed over
    if not asks and any(not any(a < span.end and span.start < b for a, b in filled.places) for span in left):
        factor *= _LEFT_OUT
    return factor


def _pointed(fact: Known, sentence: Sentence) -> bool:
    """Whether a number or a code follows the name of what the tool is about: "service 5", "order ord_1001"."""
    return any(
        (span.kind == "code" or (span.kind == "number" and not span.marks & {"money", "word", "counted"}))
        and thing_before(fact, sentence, span)
        for span in sentence.spans
    )


def asks(text: str) -> bool:
    """Whether a sentence is a question."""
    return _QUESTION.search(text) is not None


def deeds_of(said: Sequence[Token], text: str = "") -> str:
    """The kinds of deeds that a sentence asks for: of r, c, u, d, x. A word that may be a value or a thing, too, is one
    where a deed came before: "open" in "list the open tickets", "store" in "see the pets of the store"."""
    kinds = lexicon().kinds
    found: dict[str, None] = {}
    for token in said:
        here = [kinds[concept] for concept in token.concepts]
        if not (found and set("nv") & set(here)):
            found |= dict.fromkeys(kind for kind in here if kind in "rcudx")
    if SEPARATE.search(text):
        found["d"] = None
    return "".join(found)


class _Word:
    """One token of the sentence against all tools."""

    __slots__ = ("_hits", "thing", "token", "weighs")

    def __init__(self, token: Token, facts: list[Known]) -> None:
        self.token = token
        self._hits = [_hit(token, fact) for fact in facts]
        having = sum(1 for hit in self._hits if hit > 0)
        kinds = lexicon().kinds
        self.thing = bool(token.concepts) and token.text.lower() not in _WHERE
        self.thing = self.thing and all(kinds[one] in "nx" or one in _FOREIGN for one in token.concepts)
        self.weighs = _weight(token, having > 0) * _rarity(having, len(facts))

    def weight(self, n: int) -> float:
        return self.weighs * self._hits[n]


def _hit(token: Token, fact: Known) -> float:
    """How much a tool has of a token, 0 to 1: the best of its terms, at once or as what means the same."""
    best = 0.0
    if token.terms:
        own = sum(fact.weights.get(term, 0.0) for term in token.terms) / len(token.terms)
        best = own / (own + _SATURATES)
    for concept in token.concepts:
        other = fact.weights.get(f"={concept}", 0.0)
        best = max(best, _CONCEPT * other / (other + _SATURATES))
    return best


def _weight(token: Token, met: bool) -> float:
    if not token.concepts:
        return 1.0 if met else _UNKNOWN
    kinds = lexicon().kinds
    return max(_STRONG.get(concept) or _WEIGHTS[kinds[concept]] for concept in token.concepts)


def _rarity(having: int, tools: int) -> float:
    """BM25's inverse document frequency, between 0.5 (all have it) and 1 (none has)."""
    idf = math.log(1 + (tools - having + 0.5) / (having + 0.5))
    return 0.5 + 0.5 * idf / math.log(1 + (tools + 0.5) / 0.5)


def _does(deeds: str, fact: Known) -> float:
    """How well what is asked for goes with what the tool does: making is not taking away."""
    strong = [one for one in deeds if one in "cudx"]
    if not fact.does:
        return 1.0
    if any(one in fact.does for one in strong):
        return 1.15
    if strong:
        return 0.55
    if "r" in fact.does:
        return 1.1
    return 0.5 if deeds == "?" else 0.7


def _named(text: str, tool: Tool) -> bool:
    """Whether the sentence calls the operation by its very name."""
    names = (tool.operation_id, tool.name)
    return any(len(name) > 5 and not name.islower() and says(text, name) for name in names)


def _many(said: Sequence[Token]) -> bool | None:
    """Whether a sentence asks for several things; None when it does not tell (a Chinese noun has no plural)."""
    for token in said:
        if "all" in token.concepts or "list" in token.concepts:
            return True
    things = [token for token in said if token.kind == "known" and token.text.isascii()]
    kinds = lexicon().kinds
    nouns = [token.text.lower() for token in things if any(kinds[one] == "n" for one in token.concepts)]
    return any(noun.endswith("s") for noun in nouns) if nouns else None
