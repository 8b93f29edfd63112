"""A template's text becomes its tree: tags are found, blocks closed, and all that is wrong is gathered with its place.

{{ expression }}                     the value
{{#if a}}…{{else if b}}…{{else}}…{{/if}}
{{#each list as name}}…{{else}}…{{/each}}    this, @index, @key, @first, @last inside
{{#repeat 3}}…{{/repeat}}            this counts from 1
{{! a remark }}
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from actionstudio.core.templating.blocks import Each, If, Insert, Repeat, Text
from actionstudio.core.templating.bounds import LONGEST, NESTING, NODES
from actionstudio.core.templating.grammar import KEYWORDS, Parser, Reads
from actionstudio.core.templating.made import MAKERS
from actionstudio.core.templating.run import ROOTS
from actionstudio.core.templating.words import LONGEST_TAG, Word, Wrong, closing, words_of
from actionstudio.core.words import said

_BLOCK = re.compile(r"\s*([#/])\s*([A-Za-z]*)")
_ELSE = re.compile(r"\s*else\b\s*(if\b)?")
_LOOP = ("this", "@index", "@key", "@first", "@last")
_TAKEN = frozenset({*ROOTS, *MAKERS, *KEYWORDS, "faker", "random", "this"})
_MOST_WRONG = 20
type Block = If | Each | Repeat


class Read(NamedTuple):
    """A template understood, as far as it is right."""

    nodes: list[Any]
    reads: Reads
    wrong: list[Wrong]


def read(text: str) -> Read:
    """The tree of a template and what is wrong with it. Never raises."""
    reader = _Reader(text)
    if len(text) > LONGEST:
        wrong = Wrong(said("A template has up to %(n)s characters: make it shorter.", n=LONGEST), LONGEST)
        return Read([], reader.reads, [wrong])
    reader.run()
    return Read(reader.root, reader.reads, reader.wrong)


class _Reader:
    """Goes through a template from tag to tag. ``_open`` are the blocks not yet closed, the innermost last."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.root: list[Any] = []
        self.reads = Reads()
        self.wrong: list[Wrong] = []
        self._nodes = self.root
        self._open: list[tuple[Block, list[Any]]] = []
        self._tags = 0

    def run(self) -> None:
        at = 0
        while len(self.wrong) < _MOST_WRONG:
            begin = self._text.find("{{", at)
            if begin < 0:
                break
            while self._text.startswith("{", begin + 2):  # {{{ is a brace before a tag
                begin += 1
            self._put(self._text[at:begin], at)
            end = closing(self._text, begin + 2)
            if end < 0:
                self.wrong.append(Wrong(_unclosed(self._text, begin), begin))
                return
            try:
                self._tag(begin + 2, end)
            except Wrong as wrong:
                self.wrong.append(wrong)
            at = end + 2
        self._put(self._text[at:], at)
        for block, _ in self._open:
            name = _name(block)
            self.wrong.append(Wrong(said("{{#%(name)s}} is not closed: write {{/%(name)s}}.", name=name), block.at))

    def _put(self, text: str, at: int) -> None:
        if text:
            self._nodes.append(Text(text, at))

    def _tag(self, begin: int, end: int) -> None:
        self._tags += 1
        if self._tags > NODES:
            raise Wrong(said("A template has up to %(n)s tags: make it shorter.", n=NODES), begin)
        if self._text.startswith("!", begin):
            return
        block = _BLOCK.match(self._text, begin, end)
        other = _ELSE.match(self._text, begin, end)
        if block and block[1] == "#":
            self._opened(block[2], block.end(), end, begin - 2)
        elif block:
            self._closed(block[2], begin)
        elif other:
            self._otherwise(bool(other[1]), other.end(), end, begin)
        else:
            expression = self._parser(begin, end).whole()
            self._nodes.append(Insert(expression, begin - 2))

    def _parser(self, begin: int, end: int) -> Parser:
        words = words_of(self._text, begin, end)
        names = [name for block, _ in self._open if not isinstance(block, If) for name in (*_LOOP, block.name) if name]
        return Parser(words, names, self.reads)

    def _opened(self, name: str, begin: int, end: int, at: int) -> None:
        if name == "unless":
            raise Wrong(said("Write {{#if not …}} and {{/if}}."), at)
        if name not in ("if", "each", "repeat"):
            raise Wrong(said("There is no block “%(name)s”: there are #if, #each and #repeat.", name=name), at)
        if len(self._open) >= NESTING:
            raise Wrong(said("Blocks go up to %(n)s deep.", n=NESTING), at)
        made: Any = If(at)
        body: list[Any] = []
        try:
            made = self._block(name, begin, end, at)
        except Wrong as wrong:  # the block stays, so that its end is not wrong as well
            self.wrong.append(wrong)
            made = If(at) if name == "if" else Each(_NOTHING, "", at)
        if isinstance(made, If):
            made.branches.append((made.branches.pop()[0] if made.branches else _NOTHING, body))
        else:
            made.body = body
        self._nodes.append(made)
        self._open.append((made, self._nodes))
        self._nodes = body

    def _block(self, name: str, begin: int, end: int, at: int) -> Block:
        parser = self._parser(begin, end)
        if name == "if":
            made = If(at)
            made.branches.append((parser.whole(logical=True), []))
            return made
        expression = parser.piped()
        local = _loop_name(parser)
        parser.end()
        return Each(expression, local, at) if name == "each" else Repeat(expression, local, at)

    def _otherwise(self, more: bool, begin: int, end: int, at: int) -> None:
        block = self._open[-1][0] if self._open else None
        if block is None or isinstance(block, Repeat):
            raise Wrong(said("{{else}} belongs inside {{#if}} or {{#each}}."), at)
        if self._nodes is block.otherwise:
            raise Wrong(said("{{else}} was there already: it is the last part of its block."), at)
        if not more:
            if self._text[begin:end].strip():
                raise Wrong(said("Behind “else” stands nothing, or “if” and a condition."), at)
            self._nodes = block.otherwise
            return
        if not isinstance(block, If):
            raise Wrong(said("{{else if}} belongs inside {{#if}}."), at)
        body: list[Any] = []
        self._nodes = body
        block.branches.append((_NOTHING, body))
        block.branches[-1] = (self._parser(begin, end).whole(logical=True), body)

    def _closed(self, name: str, at: int) -> None:
        if not self._open:
            raise Wrong(said("There is nothing to close here: no block is open."), at)
        block, self._nodes = self._open.pop()
        if _name(block) != name and (isinstance(block, If) or name not in ("each", "repeat")):
            wanted = _name(block)
            raise Wrong(said("{{#%(name)s}} is open here: close it first with {{/%(name)s}}.", name=wanted), at)


class _Nothing:
    """Stands where an expression is wrong; such a template is never rendered."""

    def value(self, run: Any) -> Any:
        return None


_NOTHING: Any = _Nothing()


def _loop_name(parser: Parser) -> str:
    """The name behind ``as``."""
    if not parser.is_("as"):
        return ""
    parser.take()
    word: Word = parser.take()
    if word.kind != "name" or word.steps or word.value in _TAKEN or word.value.startswith("@"):
        raise Wrong(said("Behind “as” stands a name of your own, such as “item”."), word.at)
    return str(word.value)


def _name(block: Block) -> str:
    return type(block).__name__.lower()


def _unclosed(text: str, begin: int) -> str:
    if text.find("}}", begin) >= 0 and text.find("}}", begin) - begin > LONGEST_TAG:
        return said("A tag has up to %(n)s characters.", n=LONGEST_TAG)
    return said("This tag is not closed: “}}” is missing.")
