"""Values for arguments that are texts: by pattern and format, then quoted, named, and what is left of a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from actionstudio.core.scripted import patterns
from actionstudio.core.scripted.clauses import clause, made, possessor
from actionstudio.core.scripted.roles import Roles
from actionstudio.core.scripted.said import Sentence
from actionstudio.core.scripted.spans import Span
from actionstudio.core.scripted.tool import Known, Parameter
from actionstudio.core.scripted.weighing import EXPLICIT, Offer, is_thing, near, thing_before

type JSON = Any
PATTERNED = 20.0  # a value that keeps a pattern beats all others
WHO = re.compile(r"^(?:who(?:['’]s| is| was)|qui est|c'est qui)\b|^谁是|是谁|누구", re.I)
_IN = re.compile(r"(?:\b(?:in|at|for|of|to|near|around|à|de|en|sur|pour|place|city|location|ville)\s+|[:=]\s*)$", re.I)
_BY = re.compile(r"(?:\bby|\bpar|\bde|\bfrom|\bof|d['’])\s*$", re.I)
_CALLED = re.compile(
    r"(?:\bcalled|\bnamed|\bname(?: is|:|=)?|titled?|appel[ée]e?|nomm[ée]e?|\bnom|intitul[ée]e?"
    r"|叫做?|名为|名字是?|名称为?|이름은|이름이)\s*[:=]?\s*$",
    re.I,
)


def string_offers(parameter: Parameter, tool: Known, sentence: Sentence) -> Iterator[Offer]:
    """What a sentence has for a text. A pattern is a promise: nothing else is offered beside what keeps it."""
    pattern = parameter.schema.get("pattern")
    if isinstance(pattern, str) and pattern:
        yield from _patterned(parameter, pattern, sentence)
        return
    role = parameter.roles
    wanted = _format(parameter, role)
    if wanted:
        for span in sentence.spans:
            if span.kind in wanted or (span.kind == "quoted" and "date" not in wanted):
                value = _moment(parameter, span) if span.kind == "date" else span.value
                yield Offer(6.0 + near(parameter, sentence, span) + _edges(parameter, sentence, span), value, _at(span))
        if "email" not in wanted and "date" not in wanted:
            yield from _after_cue(parameter, sentence)
        return
    for span in sentence.spans:
        score = _score(parameter, tool, sentence, role, span)
        if score > 0:
            yield Offer(score, str(span.value if span.kind != "number" else span.text.strip("#")), _at(span))
    yield from _loose(parameter, tool, sentence, role)


def _at(span: Span) -> tuple[tuple[int, int], ...]:
    return ((span.start, span.end),)


def _format(parameter: Parameter, role: Roles) -> tuple[str, ...]:
    """Which kinds of values alone will do; () for any."""
    kind = parameter.schema.get("format")
    said = str(parameter.schema.get("description") or "").lower()
    if kind == "email" or "=email" in parameter.names or "e-mail" in said[:60]:
        return ("email",)
    if kind in ("uri", "url", "uri-reference") or "=url" in parameter.names:
        return ("url",)
    if "=path" in parameter.names:
        return ("path", "url")
    if kind in ("hostname", "ipv4") or parameter.name.lower() in ("host", "hostname"):
        return ("host",)
    return ("date",) if role.date else ()


def _moment(parameter: Parameter, span: Span) -> str:
    text = str(span.value)
    if parameter.schema.get("format") == "date-time" and "T" not in text:
        return f"{text}T00:00:00Z"
    return text[:10] if parameter.schema.get("format") == "date" else text


def _edges(parameter: Parameter, sentence: Sentence, span: Span) -> float:
    """Whether "from" or "until" beside a date is what the argument is named for."""
    before, after = sentence.text[max(0, span.start - 10) : span.start].lower(), sentence.text[span.end : span.end + 4]
    start = re.search(r"(?:from|since|after|depuis|du|partir du|从|自|between|entre)\s*(?:le )?$", before)
    end = re.search(r"(?:to|until|till|before|jusqu'au|jusqu’au|au|avant|到|至|and|et|-|–)\s*(?:le )?$", before)
    begins, ends = bool(start) or after.startswith("부터"), bool(end) or after.startswith("까지")
    begins, ends = (
        begins or after.startswith(("之后", "以后", "起")),
        ends or after.startswith(("之前", "以前", "为止")),
    )
    if "=start" in parameter.names:
        return 2.0 if begins else -2.0 if ends else 0.2
    if "=end" in parameter.names:
        return 2.0 if ends else -2.0 if begins else 0.0
    return 0.0


def _patterned(parameter: Parameter, pattern: str, sentence: Sentence) -> Iterator[Offer]:
    for start, end in patterns.places(pattern, sentence.text):
        text = sentence.text[start:end]
        value = text if patterns.suits(pattern, text) else text.upper()
        span = Span("code", value, value, start, end)
        yield Offer(PATTERNED + near(parameter, sentence, span), value, _at(span))


def _score(parameter: Parameter, tool: Known, sentence: Sentence, role: Roles, span: Span) -> float:
    """How well a value suits a text that no format binds; 0 for not at all."""
    close = near(parameter, sentence, span)
    needed = 1.0 if parameter.required else 0.0
    after_thing = thing_before(tool, sentence, span)
    called = 3.0 if _CALLED.search(sentence.lead(span)) and "=name" in parameter.names else 0.0
    if span.kind == "code" or "code" in span.marks:
        return (4.5 if role.identifier else 0.5 * needed) + close + (1.0 if after_thing and role.identifier else 0.0)
    if span.kind == "quoted":
        return 3.5 + close + called + (1.5 if role.free else 0.0) + 2 * needed  # what must be there is served first
    if span.kind == "number":
        if not role.identifier or span.marks & {"money", "word"}:
            return 0.0
        return 1.5 + close + needed + (2.0 if after_thing or "numbered" in span.marks else 0.0)
    if span.kind not in ("name", "unknown"):
        return 0.0
    if span.kind == "unknown" and any(term in tool.weights for term in span_terms(sentence, span)):
        return 0.0
    if role.place and span.kind == "unknown" and not _placed(tool, sentence, span):
        return 0.0
    return _named(parameter, sentence, role, span, close, after_thing, called, needed)


def _named(
    parameter: Parameter,
    sentence: Sentence,
    role: Roles,
    span: Span,
    close: float,
    after_thing: bool,
    called: float,
    needed: float,
) -> float:
    capital = 1.0 if span.kind == "name" else 0.0
    if role.place:
        return 3.0 + capital * 2 + needed + close * 0.3
    if "=author" in parameter.names:
        return 4.0 + capital if _BY.search(sentence.lead(span)) else (close if close >= 2.5 else 0.0)
    if role.free and capital and WHO.search(sentence.text):
        return 4.0
    if role.name:
        owner = 2.0 if possessor(sentence, span) else 0.0
        tied = called + owner + (1.0 if after_thing else 0.0)
        return capital * 2 + tied + close * 0.5 + needed if capital or tied or close >= 2.5 else 0.0
    if role.identifier:
        one = after_thing and not _plural(sentence, span)  # several have no id: "which services …"
        return 1.0 + close + (2.0 if one else 0.0) if one or close >= 2.5 else 0.0
    if "colon" in span.marks and close >= 1.5:
        return 3.0 + close
    return close + capital if close >= 2.5 else 0.0


def _plural(sentence: Sentence, span: Span) -> bool:
    """Whether the word before a value is a plural."""
    before = sentence.before(span)
    return before is not None and before.text.isascii() and before.text.endswith("s") and before.text[-2:] != "ss"


def _placed(tool: Known, sentence: Sentence, span: Span) -> bool:
    """Whether a word without a capital may be a place: behind "in", beside the tool's thing, or all but alone. Other
    scripts have no capitals."""
    if not span.text.isascii() or len(sentence.tokens) <= 2 or _IN.search(sentence.lead(span)):
        return True
    beside = (sentence.before(span), sentence.after(span))
    return any(token is not None and is_thing(token, tool) for token in beside)


def span_terms(sentence: Sentence, span: Span) -> tuple[str, ...]:
    """The terms of the token that a value is."""
    return next((token.terms for token in sentence.tokens if token.start == span.start), ())


def _after_cue(parameter: Parameter, sentence: Sentence) -> Iterator[Offer]:
    """``name: value`` and ``name=value`` in so many words."""
    label = re.escape(parameter.name.removesuffix("[]"))
    match = re.search(rf"(?<!\w){label}\s*[:=：]\s*(\"[^\"]+\"|[^\s,，;；()（）]+)", sentence.text, re.I)
    if match:
        yield Offer(EXPLICIT, match[1].strip('"'), ((match.start(1), match.end(1)),))


def _loose(parameter: Parameter, tool: Known, sentence: Sentence, role: Roles) -> Iterator[Offer]:
    """What needs more of the sentence than one value: a label, a kind of thing, a clause."""
    yield from _after_cue(parameter, sentence)
    if "=category" in parameter.names:
        yield from _kinds(parameter, tool, sentence)
    if parameter.required and "=name" in parameter.names and "c" in tool.does:
        what = made(sentence, tool)
        if what is not None:
            yield Offer(what[3], what[0], (what[1:3],), "the rest of it")
    if not role.free and not (parameter.required and not (role.identifier or role.place)):
        return
    found = clause(sentence, tool, question=bool(parameter.names & {"=question", "=find"}), label=parameter)
    if found is None:
        return
    text, start, end, score = found
    if role.name and not role.free:
        score -= 1.5
    if parameter.required or score >= 4.0:
        yield Offer(score + (0.5 if role.free else -0.5), text, ((start, end),), "" if score >= 4 else "the rest of it")


def _kinds(parameter: Parameter, tool: Known, sentence: Sentence) -> Iterator[Offer]:
    """A word of the dictionary that is a kind of what the argument's description names: a dog, where animals are."""
    for token in sentence.tokens:
        concepts = {f"={one}" for one in token.concepts}
        named = all(one in tool.things for one in token.concepts) or "=category" in concepts
        if token.kind == "known" and not named and concepts & parameter.cues:
            yield Offer(4.0, token.text, ((token.start, token.end),))
