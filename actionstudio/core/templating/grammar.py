"""Words become expressions: ``a or b``, ``a == b``, ``a | filter "x"``, ``integer 1 100``; what is wrong says its cure.

Weakest first: ``|`` (of all that stands before it), ``or``, ``and``, ``not``, comparison. Brackets group.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any, NoReturn

from actionstudio.core.templating.bounds import NESTING, NODES
from actionstudio.core.templating.expressions import (
    Both,
    Compared,
    Either,
    Expression,
    Filtered,
    Literal,
    Local,
    Look,
    Made,
    Not,
)
from actionstudio.core.templating.filters import FILTERS
from actionstudio.core.templating.made import FAKER, MAKERS, faker
from actionstudio.core.templating.moments import is_span, wrong_format
from actionstudio.core.templating.run import ROOTS
from actionstudio.core.templating.values import as_number
from actionstudio.core.templating.words import Word, Wrong
from actionstudio.core.words import either, said

_LITERALS: dict[str, Any] = {"true": True, "false": False, "null": None}
KEYWORDS = frozenset({"or", "and", "not", "as", *_LITERALS})
_COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">="})
_SINGLE = frozenset({"method", "url", "call", "now"})  # roots that are one value, not a family
_CREDENTIALS = frozenset({"authorization", "proxy-authorization", "cookie"})
_ALSO = {"headers": "header", "cookies": "cookie", "params": "path", "param": "path", "queryParam": "query"}
_ALSO |= {"urlParam": "path", "collections": "collection", "data": "collection", "request": "query"}


class Reads:
    """What a template reads and how many values it holds, gathered while it is understood."""

    def __init__(self) -> None:
        self.names: dict[str, None] = {}
        self.roots: set[str] = set()
        self.left = NODES

    def count(self, at: int) -> None:
        self.left -= 1
        if self.left < 0:
            raise Wrong(said("A template has up to %(n)s values: make it shorter.", n=NODES), at)


class Parser:
    """Reads the words of one tag. ``locals`` are the names that the loops around give."""

    def __init__(self, words: list[Word], local: Iterable[str], reads: Reads) -> None:
        self._words = words
        self._at = 0
        self._locals = frozenset(local)
        self._reads = reads
        self._depth = 0

    @property
    def word(self) -> Word:
        return self._words[self._at]

    def take(self) -> Word:
        word = self.word
        self._at += 1
        return word

    def is_(self, text: str) -> bool:
        word = self.word
        return word.kind in ("sign", "name") and word.text == text

    def whole(self, logical: bool = False) -> Expression:
        """All words as one expression. Raises Wrong."""
        made = self.piped()
        if logical:
            made = _as_condition(made)
        self.end()
        return made

    def end(self) -> None:
        word = self.word
        if word.kind != "end":
            cure = said(
                "“%(word)s” is not expected here. A filter goes behind “|”, a second choice behind “or”.",
                word=word.text,
            )
            raise Wrong(cure, word.at)

    def piped(self) -> Expression:
        made = self._either()
        while self.is_("|"):
            self.take()
            made = self._filter(made)
        return made

    def _filter(self, of: Expression) -> Expression:
        word = self.take()
        known = FILTERS.get(word.text) if word.kind == "name" else None
        if known is None:
            _unknown(said("There is no filter “%(name)s”.", name=word.text), word, FILTERS)
        self._reads.count(word.at)
        first = self._at
        arguments = self._arguments()
        given = self._words[first : self._at]
        _number_of(len(arguments), known.fewest, known.most, word, known.example)
        if len(given) == 1:
            _check(word.text, given[0])
        return Filtered(of, known, arguments)

    def _either(self) -> Expression:
        parts = [self._both()]
        while self.is_("or"):
            self.take()
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def _both(self) -> Expression:
        parts = [self._negated()]
        while self.is_("and"):
            self.take()
            parts.append(self._negated())
        return parts[0] if len(parts) == 1 else Both(tuple(_as_condition(part) for part in parts))

    def _negated(self) -> Expression:
        times = 0
        while self.is_("not"):
            self.take()
            times += 1
        made = self._compared()
        if not times:
            return made
        made = Not(_as_condition(made))
        return made if times % 2 else Not(made)

    def _compared(self) -> Expression:
        left = self._operand()
        if self.word.kind == "sign" and self.word.text in _COMPARISONS:
            operator = self.take().text
            return Compared(operator, left, self._operand())
        return left

    def _operand(self) -> Expression:
        """A value, or one made up with its arguments."""
        word = self.word
        if word.kind == "name" and word.text not in KEYWORDS:
            self.take()
            return self._named(word, True)
        return self._simple()

    def _arguments(self) -> tuple[Expression, ...]:
        found = []
        while self._begins_value():
            found.append(self._simple())
        return tuple(found)

    def _begins_value(self) -> bool:
        word = self.word
        if word.kind == "name":
            return word.text not in KEYWORDS or word.text in _LITERALS
        return word.kind in ("text", "number") or word.text == "("

    def _simple(self) -> Expression:
        word = self.take()
        self._reads.count(word.at)
        if word.kind in ("text", "number"):
            return Literal(word.value)
        if word.text == "(" and word.kind == "sign":
            return self._bracketed(word)
        if word.kind == "name" and word.text in _LITERALS:
            return Literal(_LITERALS[word.text])
        if word.kind == "name" and word.text not in KEYWORDS:
            return self._named(word, False)
        if word.kind == "end":
            raise Wrong(said("A value is missing here, such as query.limit or “text”."), word.at)
        raise Wrong(said("A value is missing before “%(word)s”.", word=word.text), word.at)

    def _bracketed(self, opening: Word) -> Expression:
        self._depth += 1
        if self._depth > NESTING:
            raise Wrong(said("Brackets go up to %(n)s deep.", n=NESTING), opening.at)
        made = self.piped()
        if not self.is_(")"):
            raise Wrong(said("This bracket is not closed: “)” is missing."), opening.at)
        self.take()
        self._depth -= 1
        return made

    def _named(self, word: Word, arguments: bool) -> Expression:
        """The value behind a name; ``arguments`` when it may take some."""
        self._reads.count(word.at)
        name, steps = word.value, word.steps
        if name in self._locals:
            return Local(name, steps, word.text)
        fresh = name == "random" and bool(steps)
        if fresh:
            name, steps = steps[0], steps[1:]
        if name == "faker":
            return self._faker(word, steps, fresh)
        if name in MAKERS and not steps:
            maker = MAKERS[name]
            given = self._arguments() if arguments and maker.most else ()
            _number_of(len(given), maker.fewest, maker.most, word, maker.example)
            self._read("random" if fresh else "made", word.text)
            return Made(maker.make, given, fresh)
        if name not in ROOTS or fresh:
            _unknown_name(word, self._locals)
        if name in _SINGLE and steps:
            raise Wrong(said("“%(name)s” is one value: nothing stands below it.", name=name), word.at)
        if name == "header":
            steps = _header(word, steps)
        self._read(name, word.text)
        return Look(name, steps, word.text)

    def _faker(self, word: Word, steps: tuple[str, ...], fresh: bool) -> Expression:
        make = faker(steps[-1]) if 1 <= len(steps) <= 2 else None
        if make is None:
            _unknown(said("There is no made-up value “%(name)s”.", name=word.text), word, FAKER, "faker.")
        self._read("random" if fresh else "made", word.text)
        return Made(make, (), fresh)

    def _read(self, root: str, text: str) -> None:
        self._reads.roots.add(root)
        self._reads.names[text] = None


def _as_condition(made: Expression) -> Expression:
    """Where it is asked whether something holds, ``or`` takes the first that is true."""
    if isinstance(made, Either):
        made.logical = True
    return made


def _header(word: Word, steps: tuple[str, ...]) -> tuple[str, ...]:
    if not steps:
        return steps
    name = steps[0].lower()
    if name in _CREDENTIALS:
        cure = said("“%(name)s” carries a credential, which templates cannot read.", name=word.text)
        raise Wrong(cure, word.at)
    return (name, *steps[1:])


def _number_of(given: int, fewest: int, most: int, word: Word, example: str) -> None:
    if not fewest <= given <= most:
        raise Wrong(said("“%(name)s” is written so: %(example)s", name=word.text, example=example), word.at)


def _check(name: str, argument: Word) -> None:
    """What can be seen of an argument before anything is rendered."""
    if argument.kind != "text":
        return
    if name == "date" and wrong_format(argument.value):
        sign = wrong_format(argument.value)
        cure = said("“%(sign)s” is no part of a date. Use %%Y %%m %%d %%H %%M %%S, or iso, http, unix.", sign=sign)
        raise Wrong(cure, argument.at)
    if name in ("plus", "minus") and not is_span(argument.value) and as_number(argument.value) is None:
        cure = said("“%(text)s” is no span. Write one such as “2 days” or “3 hours”.", text=argument.value[:40])
        raise Wrong(cure, argument.at)


def _unknown_name(word: Word, local: frozenset[str]) -> NoReturn:
    if word.value in ("secret", "secrets"):
        raise Wrong(said("Secrets are for upstreams alone: templates cannot read them."), word.at)
    if word.value in ("this", "@index", "@first", "@last", "@key"):
        raise Wrong(said("“%(name)s” is known inside {{#each}} only.", name=word.text), word.at)
    if word.value in _ALSO:
        name = _ALSO[word.value]
        raise Wrong(said("There is no “%(name)s”. Write “%(cure)s”.", name=word.text, cure=name), word.at)
    if word.value in FILTERS:
        raise Wrong(said("“%(name)s” is a filter: it goes behind a value and “|”.", name=word.text), word.at)
    if "this" in local:
        cure = said("There is no “%(name)s”. Write this.%(name)s for a part of the entry.", name=word.text)
        raise Wrong(cure, word.at)
    _unknown(said("There is no “%(name)s”.", name=word.text), word, [*ROOTS, *MAKERS, "faker"])


def _unknown(message: Any, word: Word, known: Iterable[str], before: str = "") -> NoReturn:
    """Raises Wrong with the names that come near, else with all."""
    names = sorted(known)
    last = word.steps[-1] if before and word.steps else word.text
    near = get_close_matches(last[:60], names, 3, 0.6)
    if near or len(names) < 40:
        listed = either([before + name for name in near or names])
        message = said("%(message)s Write %(names)s.", message=message, names=listed)
    else:
        example = said("for example faker.email, faker.city or faker.price")
        message = said("%(message)s There are many others, %(example)s.", message=message, example=example)
    raise Wrong(message, word.at)
