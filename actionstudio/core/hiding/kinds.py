"""The kinds of personal data that rules find by their looks, and patterns that people write.

Sources: the checksum of card numbers, ISO/IEC 7812-1 annex B (Luhn); of IBANs, ISO 13616-1 with ISO 7064 MOD 97-10;
lengths of telephone numbers, ITU-T E.164.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import re2

from actionstudio.core.hiding.marks import MARK, mark
from actionstudio.core.words import said

LONGEST = 500  # characters of a pattern


@dataclass(frozen=True, slots=True)
class Finder:
    """Finds texts of a kind. ``sure`` decides about what looks like one."""

    pattern: Any
    sure: Callable[[str], bool] | None = None

    def hide(self, text: str, found: set[str] | None = None) -> str:
        """The text with a mark wherever it has one; marks that are there stay. ``found`` gathers what was hidden."""
        data = text.encode("utf-8", "surrogatepass")
        if self.pattern.search(data) is None:
            return text
        if MARK.search(text) is None:
            return self._hide(data, found)
        out, at = [], 0
        for one in MARK.finditer(text):
            out += [self._hide(text[at : one.start()].encode("utf-8", "surrogatepass"), found), one[0]]
            at = one.end()
        return "".join([*out, self._hide(text[at:].encode("utf-8", "surrogatepass"), found)])

    def _hide(self, data: bytes, found: set[str] | None) -> str:
        def put(one: Any) -> bytes:
            text = one.group(0).decode("utf-8", "replace")
            if not text or (self.sure is not None and not self.sure(text)):
                return bytes(one.group(0))
            if found is not None:
                found.add(text)
            return mark(text).encode()

        return bytes(self.pattern.sub(put, data)).decode("utf-8", "surrogatepass")


class PatternError(ValueError):
    """A pattern that cannot be used; the message says why."""


@lru_cache(512)
def written(pattern: str) -> Finder:
    """What finds a pattern that somebody wrote (syntax of RE2: no back references). Raises PatternError."""
    if len(pattern) > LONGEST:
        raise PatternError(said("This is longer than %(most)s characters.", most=LONGEST))
    try:
        made = re2.compile(pattern.encode(), _options())
    except re2.error as error:
        why = error.args[0] if error.args else ""
        why = why.decode("utf-8", "replace") if isinstance(why, bytes) else str(why)
        raise PatternError(said("This pattern cannot be read: %(why)s.", why=why)) from None
    if made.search(b"") is not None:
        raise PatternError(said("This pattern matches the empty text, and would hide everything."))
    return Finder(made)


def _options() -> Any:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 4 * 1024 * 1024
    return options


def luhn(text: str) -> bool:
    """Whether the digits of a text are a card number's: 13 to 19, with the right last one."""
    digits = [int(one) for one in text if one.isdigit()][::-1]
    doubled = [sum(divmod(2 * one, 10)) for one in digits[1::2]]
    return 13 <= len(digits) <= 19 and len(set(digits)) > 1 and (sum(digits[::2]) + sum(doubled)) % 10 == 0


def iban(text: str) -> bool:
    """Whether a text is an IBAN with the right check digits."""
    plain = text.replace(" ", "").upper()
    if not 15 <= len(plain) <= 34 or not plain.isascii():
        return False
    return int("".join(str(int(one, 36)) for one in plain[4:] + plain[:4])) % 97 == 1


_PHONE = (
    r"(?:\+|\b00)[1-9](?:[ ./()-]{0,2}\d){6,14}"
    r"|\b0\d{1,5}[ /-]\d[\d -]{3,12}\d\b"
    r"|\(?\b\d{3}\)?[ .-]\d{3}[ .-]\d{4}\b"
)
KINDS = {
    "email": Finder(re2.compile(rb"[\pL\pN._%+'-]+@(?:[\pL\pN-]+\.)+\pL{2,}")),
    "phone": Finder(re2.compile(_PHONE.encode())),
    "card": Finder(re2.compile(rb"\b[2-6](?:[ -]?\d){12,18}\b"), luhn),
    "iban": Finder(re2.compile(rb"(?i)\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b"), iban),
}
