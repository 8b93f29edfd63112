"""Templates of JSON: where each value stands, so that none can break out; and whether the text around is JSON."""

from __future__ import annotations

import re
from typing import Any

import orjson

from actionstudio.core.templating.blocks import BARE, INSIDE, WHOLE, Each, If, Insert, Repeat, Text
from actionstudio.core.templating.bounds import Budget, OverBound
from actionstudio.core.templating.out import Out
from actionstudio.core.templating.words import Wrong
from actionstudio.core.words import said

_BACKSLASH = 'A backslash in a JSON text stands before one of " \\ / b f n r t, or before u and four digits.'
_KEY = re.compile(r'"\s*:')
_IN_TEXT = re.compile(r'[^"\\]+|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})')


def place(nodes: list[Any]) -> list[Wrong]:
    """Marks every value with where it stands. What is wrong is returned; then the template is not rendered."""
    wrong: list[Wrong] = []
    try:
        if _placed(nodes, False, True):
            wrong.append(
                Wrong(said("A text of the JSON is not closed: its second quotation mark is missing."), _end(nodes))
            )
    except Wrong as found:
        wrong.append(found)
    return wrong


def _placed(nodes: list[Any], inside: bool, root: bool = False) -> bool:
    """Walks through nodes in the order they are written; whether a text is open behind them."""
    opened = -1  # the Text that ends with the quotation mark that opened this text
    for at, node in enumerate(nodes):
        if isinstance(node, Text):
            node.joint = not inside and (isinstance(nodes[at - 1], If | Each | Repeat) if at else not root)
            inside, ends_open = _through(node, inside)
            opened = at if ends_open else -1
        elif isinstance(node, Insert):
            node.place = (WHOLE if opened == at - 1 >= 0 and _closes(nodes, at) else INSIDE) if inside else BARE
        else:
            _place_block(node, inside)
    for at, node in enumerate(nodes):
        if isinstance(node, Insert) and node.place == WHOLE:
            nodes[at - 1].text = nodes[at - 1].text[:-1]
            nodes[at + 1].text = nodes[at + 1].text[1:]
            nodes[at + 1].at += 1
    return inside


def _closes(nodes: list[Any], at: int) -> bool:
    """Whether the text ends behind the value, and is no object's key: those stay texts."""
    after = nodes[at + 1] if at + 1 < len(nodes) else None
    return isinstance(after, Text) and after.text.startswith('"') and not _KEY.match(after.text)


def _place_block(block: Any, inside: bool) -> None:
    if isinstance(block, Each | Repeat):
        block.bare = not inside
    for nodes in block.parts:
        if _placed(nodes, inside) != inside:
            raise Wrong(said("A text of the JSON must begin and end on the same side of this block."), block.at)


def _through(node: Text, inside: bool) -> tuple[bool, bool]:
    """Whether a text is open behind ``node``, and whether its last character opened it."""
    text, at, opened = node.text, 0, -1
    while at < len(text):
        if not inside:
            quote = text.find('"', at)
            if quote < 0:
                break
            inside, at, opened = True, quote + 1, quote
        elif text[at] == '"':
            inside, at = False, at + 1
        else:
            piece = _IN_TEXT.match(text, at)
            if piece is None:
                raise Wrong(said(_BACKSLASH), node.at + at)
            at = piece.end()
    return inside, inside and opened == len(text) - 1


def _end(nodes: list[Any]) -> int:
    last = nodes[-1]
    return last.at if not isinstance(last, Text) else last.at + len(last.text)


def check(nodes: list[Any], end: int) -> list[Wrong]:
    """Whether the text around the values is JSON: once with every block written, once with none. ``end`` is the
    template's length."""
    blocks = any(isinstance(node, If | Each | Repeat) for node in nodes)
    for taken in (True, False) if blocks else (True,):
        sketch = _Sketch()
        sketch.draw(nodes, taken)
        text = sketch.out.text()
        if not text.strip():
            continue
        try:
            orjson.loads(text)
        except orjson.JSONDecodeError as error:
            message = said("This is not JSON here: %(error)s.", error=str(error.msg))
            return [Wrong(message, sketch.origin(error.pos, end))]
        except OverBound:  # pragma: no cover  # a template is far below the bounds
            return []
    return []


class _Sketch:
    """Writes a template with stand-ins for its values, and remembers which piece came from where."""

    def __init__(self) -> None:
        self.out = Out(Budget())
        self._origins: list[int] = []

    def draw(self, nodes: list[Any], taken: bool) -> None:
        for node in nodes:
            if isinstance(node, Text):
                (self.out.write_joint if node.joint else self.out.write)(node.text)
            elif isinstance(node, Insert):
                self.out.write("x" if node.place == INSIDE else "null")
            elif isinstance(node, If):
                self.draw(node.parts[0] if taken else node.otherwise, taken)
            elif taken:
                self.draw(node.body, taken)
            elif isinstance(node, Each):
                self.draw(node.otherwise, taken)
            self._origins += [node.at] * (len(self.out.pieces) - len(self._origins))

    def origin(self, place: int, end: int) -> int:
        """The place in the template of a place in what was written."""
        for piece, at in zip(self.out.pieces, self._origins, strict=True):
            if place < len(piece):
                return at + place if len(piece) > 4 or piece not in ("null", "x") else at
            place -= len(piece)
        return end
