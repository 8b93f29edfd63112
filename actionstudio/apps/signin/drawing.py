"""The sequence diagram of a sign-in as numbers: lanes, and one arrow a step. The template writes them as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from actionstudio.apps.signin.steps import Step

WIDTH = 980
TOP, ROW, FOOT = 102, 46, 22  # of the first arrow, from one to the next, below the last
X = {"client": 160, "provider": 490, "browser": 820}
BOX, HIGH = 196, 48  # of a lane's head
DOT = 10  # the radius of a number's circle
HEAD = 9  # the length of an arrow's tip
LONGEST, LONGEST_HEAD = 56, 30  # characters between two lanes, and in a lane's head


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane: its line's x, its head's box, and two lines of text."""

    x: int
    left: int
    name: str
    below: str


@dataclass(frozen=True, slots=True)
class Arrow:
    """A step with its numbers: a line from x1 to x2 at y, the tip as a polygon, the texts from ``text`` on."""

    step: Step
    y: int
    x1: int
    x2: int
    tip: str
    text: int
    line: str
    left: int
    wide: int

    @property
    def start(self) -> int:
        """Where it starts: the middle of its number."""
        return self.left if self.x1 < self.x2 else self.left + self.wide

    @property
    def dot_x(self) -> int:
        return self.start - DOT

    @property
    def dot_y(self) -> int:
        return self.y - DOT

    @property
    def title_y(self) -> int:
        return self.y - 20

    @property
    def line_y(self) -> int:
        return self.y - 7

    @property
    def number_y(self) -> int:
        return self.y + 4

    @property
    def top(self) -> int:
        return self.y - 33


@dataclass(frozen=True, slots=True)
class Drawing:
    """The whole picture."""

    width: int
    height: int
    lanes: list[Lane]
    arrows: list[Arrow]

    @property
    def foot(self) -> int:
        """Where the lanes end."""
        return self.height - 8


def draw(made: Sequence[Step], heads: dict[str, tuple[str, str]]) -> Drawing:
    """``heads`` are the name and the line below it for each of the lanes client, provider and browser."""
    lanes = [
        Lane(x, x - BOX // 2, cut(heads[lane][0], LONGEST_HEAD), cut(heads[lane][1], LONGEST_HEAD))
        for lane, x in X.items()
    ]
    arrows = [_arrow(step, TOP + ROW * place) for place, step in enumerate(made)]
    return Drawing(WIDTH, TOP + ROW * max(0, len(made) - 1) + FOOT, lanes, arrows)


def _arrow(step: Step, y: int) -> Arrow:
    x1, x2 = X[step.sender], X[step.receiver]
    way = 1 if x2 > x1 else -1
    back = x2 - way * HEAD
    left, right = min(x1, x2), max(x1, x2)
    line = cut(step.line, LONGEST * (right - left) // (X["provider"] - X["client"]))
    tip = f"{x2},{y} {back},{y - 5} {back},{y + 5}"
    return Arrow(step, y, x1 + way * DOT, back, tip, left + 20, line, left, right - left)


def cut(text: str, most: int) -> str:
    """The text, with its end left out where it is too long."""
    return text if len(text) <= most else f"{text[: most - 1]}…"
