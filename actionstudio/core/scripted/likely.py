"""Which operation is meant where its words alone do not reach: what is left once values are taken out.

"Add a notebook for 7.25" says one word of the shop; all else became values. So a clear deed that one tool does, with
all that it requires, is enough; so is a thing of the tools', with nothing of anything else. Two that are near are asked
about.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from actionstudio.core.scripted.choosing import SEPARATE, SURE, Ranked, asks, deeds_of
from actionstudio.core.scripted.filling import fill
from actionstudio.core.scripted.lexicon import lexicon
from actionstudio.core.scripted.recalling import recalled
from actionstudio.core.scripted.said import Sentence
from actionstudio.core.scripted.telling import Outcome
from actionstudio.core.scripted.texts import WHO
from actionstudio.core.scripted.tool import Known, known

NEAR = 0.2  # from which score on a thing of the tools' is enough, when nothing foreign is said
LEAD = 1.12  # by how much the best must be better than the next
_POLITE = re.compile(
    r"^(?:can|could|would|will) you\b|^(?:peux|pourrais|pouvez|pourriez)[- ]|^(?:可以|能)|줄래|주실|줄 수", re.I
)
_COMMAND = re.compile(
    r"^(?:please |and |then |now |can you |could you |i(?:'d| would) like to |i want to |et |puis "
    r"|je (?:veux|voudrais) )*"
    r"(?:show|list|get|fetch|display|view|see|give|look|montre[rz]?|affiche[rz]?|liste[rz]?|voir|donne[rz]?)\b"
    r"|^请?(?:帮我)?(?:显示|查看|列出|看看|看一下|展示)|(?:보여|조회)(?:(?!보여|조회)[^ ])*(?: ?줘| ?주세요)?[.!]?$",
    re.I,
)
_ABOUT = re.compile(
    r"\b(?:about|regarding|concerning|know of)\b|\b(?:sur|concernant|à propos|au sujet)\b"
    r"|关于|有关|知道|대해|관해|알아",
    re.I,
)
_OURS = re.compile(r"\b(?:my|our|we|us|i|mon|ma|mes|notre|nos|nous|on|je)\b|我们?|우리|제가|내가", re.I)
_MY_LIST = re.compile(
    r"\b(?:my|our) (?:\w+ )?lists?\b|\b(?:ma|mes|notre|nos) listes?\b|我们?的.{0,3}[清列名]单"
    r"|(?:내|제|우리) \S{0,6}\s?(?:목록|리스트)",
    re.I,
)
_PERSONS = ("player", "user", "customer", "employee", "contact", "speaker", "author", "student", "consumer")


def likely(sentence: Sentence, ranked: Sequence[Ranked], outcomes: Sequence[Outcome] = ()) -> tuple[Ranked, ...]:
    """The one that is meant, or those (up to four) that it may be; () where the sentence is about something else.
    ``ranked`` are all tools, the best first, ``outcomes`` the calls before."""
    plain = [(one, known(one.tool)) for one in ranked if not one.foreign]
    question = asks(sentence.text) and not _POLITE.search(sentence.text)
    if question or not (strong_deeds(sentence) or commanded(sentence)):
        return _read(sentence, plain) or _near(sentence, ranked) or _looked_up(sentence, plain) or _own(sentence, plain)
    if strong_deeds(sentence):
        return _made(sentence, plain, outcomes) or _near(sentence, ranked) or _begun(sentence, plain)
    return _read(sentence, plain) or _near(sentence, ranked) or _own(sentence, plain) or _shown(plain)


def strong_deeds(sentence: Sentence) -> str:
    """The kinds of deeds that change something, of those that a sentence asks for."""
    return "".join(one for one in deeds_of(sentence.wishes, sentence.text) if one in "cudx")


def commanded(sentence: Sentence) -> bool:
    """Whether a sentence begins (in Korean: ends) with a verb that asks to be shown something."""
    return _COMMAND.search(sentence.text.strip()) is not None


def _made(sentence: Sentence, plain: Sequence[tuple[Ranked, Known]], outcomes: Sequence[Outcome]) -> tuple[Ranked, ...]:
    """The tools that do the very deed and have all that they require, from the calls before perhaps, with nothing left
    over."""
    kinds = lexicon().kinds
    deeds = {one for token in sentence.wishes for one in token.concepts if kinds[one] in "cudx"}
    deeds |= {"delete"} if SEPARATE.search(sentence.text) else set()
    return _best(
        [
            one
            for one, fact in plain
            if not one.strange
            and any(kinds[deed] in fact.does and _has(fact, deed) for deed in deeds)
            and (one.whole or _known_before(fact, sentence, outcomes))
        ]
    )


def _begun(sentence: Sentence, plain: Sequence[tuple[Ranked, Known]]) -> tuple[Ranked, ...]:
    """The one tool that makes what the sentence says is to be made, though not all that it requires was said: "add
    milk" where todos are added. Whose list it is will be asked."""
    if "c" not in strong_deeds(sentence):
        return ()
    found = [
        one
        for one, fact in plain
        if not one.strange
        and fact.does[:1] == "c"
        and any(
            name.required and name.names & (_named(fact) | {"=name"}) and name.name in fill(fact, sentence).arguments
            for name in fact.parameters
        )
    ]
    return tuple(found) if len(found) == 1 else ()


def _own(sentence: Sentence, plain: Sequence[tuple[Ranked, Known]]) -> tuple[Ranked, ...]:
    """The one tool that reads a list, for one's own: "what is on my list?"."""
    found = [one for one, fact in plain if "=list" in fact.weights and "r" in fact.does and fact.many]
    return tuple(found) if len(found) == 1 and not found[0].strange and _MY_LIST.search(sentence.text) else ()


def _known_before(fact: Known, sentence: Sentence, outcomes: Sequence[Outcome]) -> bool:
    """Whether a sentence says something for a tool, and the calls before have all else that it requires."""
    filled = fill(fact, sentence)
    missing = filled.missing if outcomes and filled.places else ()
    return bool(missing) and len(recalled(missing, fact, sentence, outcomes)[0]) == len(missing)


def _has(fact: Known, deed: str) -> bool:
    """Whether the deed stands in the tool's texts, or is that of its name: "save" where documents are put in."""
    return f"={deed}" in fact.weights or lexicon().kinds[deed] == fact.does[:1]


def _read(sentence: Sentence, plain: Sequence[tuple[Ranked, Known]]) -> tuple[Ranked, ...]:
    """The tools that read, whose thing was said, and for which everything is there."""
    kinds = lexicon().kinds
    said = {
        token.text
        for token in sentence.tokens
        if not token.concepts or "list" in token.concepts or any(kinds[one] in "nxa" for one in token.concepts)
    }
    return _best(
        [one for one, fact in plain if one.whole and not one.strange and said & set(one.words) and "r" in fact.does]
    )


def _near(sentence: Sentence, ranked: Sequence[Ranked]) -> tuple[Ranked, ...]:
    """The tools whose thing was named, where the sentence names no other; what writes needs its deed said."""
    best, strong = ranked[0], set(strong_deeds(sentence))
    does = set(known(best.tool).does)
    if best.foreign or best.mass < SURE or best.score < NEAR or not ("r" in does or strong & does):
        return ()
    return _best([one for one in ranked if one.mass >= SURE])


def _looked_up(sentence: Sentence, plain: Sequence[tuple[Ranked, Known]]) -> tuple[Ranked, ...]:
    """For a question: the tool that looks up people ("who is …?"), or the one that takes any question."""
    named = any(span.kind == "name" for span in sentence.spans)
    if named and WHO.search(sentence.text):
        people = [one for one, fact in plain if any(f"={who}" in _named(fact) for who in _PERSONS) and _takes(fact)]
        return tuple(people[:1])
    about = _ABOUT.search(sentence.text) or _OURS.search(sentence.text)
    if not about or not (asks(sentence.text) or _ABOUT.search(sentence.text)) or len(sentence.tokens) < 3:
        return ()
    return tuple([one for one, fact in plain if one.whole and _answers(fact)][:1])


def _named(fact: Known) -> frozenset[str]:
    return frozenset(f"={one}" for one in fact.things)


def _takes(fact: Known) -> bool:
    return "r" in fact.does and any(one.roles.free or one.roles.name for one in fact.parameters)


def _answers(fact: Known) -> bool:
    """Whether all that a tool requires is a question, or a list of questions."""
    needed = [one for one in fact.parameters if one.required]
    return len(needed) == 1 and bool(needed[0].names & {"=question", "=find"}) and "r" in fact.does


def _shown(plain: Sequence[tuple[Ranked, Known]]) -> tuple[Ranked, ...]:
    """What may be meant by "show me the …" with a word that nobody knows: to be asked, where there are several."""
    found = [one for one, fact in plain if one.words and "r" in fact.does]
    close = [one for one in found if one.score * LEAD >= found[0].score]
    return tuple(close[:4]) if len(close) > 1 else ()


def _best(found: Sequence[Ranked]) -> tuple[Ranked, ...]:
    """The best alone where it leads, else the two that are near."""
    if len(found) > 1 and found[0].score < found[1].score * LEAD:
        return tuple(found[:2])
    return tuple(found[:1])
