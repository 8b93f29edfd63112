"""Mark: what stands where something was hidden. It tells how long that was, and is never hidden again."""

import re
from collections.abc import Callable

DOTS = "••••"
HIDDEN = f"{DOTS} (hidden)"  # for what people choose and type: its length and end would help to guess it
# What stands for a variable of a suite while its case is hidden: four characters of the private use area, no length
_STAND_IN = rf"{DOTS}[\ue000-\uf8ff]{{4}}"
MARK = re.compile(rf"(?:as[a-z]{{1,2}}_)?{DOTS}(?:.{{0,4}} \(\d+ characters\)| \(hidden\))|{_STAND_IN}")
_KEPT = re.compile(f"({_STAND_IN})")
_FIRST, _DIGITS = 0xE000, 6_400  # of the private use area


def mark(text: str) -> str:
    """The mark for a text; of a text that is one already, itself. Variables that stand in it stay."""
    if is_mark(text):
        return text
    return around(text, mark) if has_variable(text) else f"{DOTS} ({len(text)} characters)"


def is_mark(text: str) -> bool:
    """Whether a text is nothing but a mark."""
    return DOTS in text and MARK.fullmatch(text) is not None


def has_variable(text: str) -> bool:
    """Whether a text has a variable that must stay where it is."""
    return DOTS in text and _KEPT.search(text) is not None


def around(text: str, hide: Callable[[str], str]) -> str:
    """The text with ``hide`` done to what stands between its variables, as far as that says anything."""
    parts = _KEPT.split(text)
    return "".join(hide(one) if n % 2 == 0 and re.search(r"\w", one) else one for n, one in enumerate(parts))


class Variables:
    """Takes the variables out of a case before something in it is hidden, and puts them back.

    ``{{name}}`` under the name of a secret is no secret, it is what stands there instead of one.
    """

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self._pattern = pattern
        self._taken: list[str] = []

    def out(self, text: str) -> str:
        """The text with a mark in the place of each variable."""
        return self._pattern.sub(self._take, text) if "{{" in text else text

    def back(self, text: str) -> str:
        """The text with its variables."""
        return _KEPT.sub(lambda found: self._given(found[0]), text) if self._taken else text

    def _take(self, found: re.Match[str]) -> str:
        number = len(self._taken)
        self._taken.append(found[0])
        return DOTS + "".join(chr(_FIRST + number // _DIGITS**place % _DIGITS) for place in (3, 2, 1, 0))

    def _given(self, stand_in: str) -> str:
        number = 0
        for one in stand_in[len(DOTS) :]:
            number = number * _DIGITS + ord(one) - _FIRST
        return self._taken[number] if number < len(self._taken) else stand_in
