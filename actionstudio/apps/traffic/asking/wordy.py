"""Makes tests of words: by phrase where there are letters or digits, as they stand where there are none."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from actionstudio.apps.traffic.asking.term import BY_WORDS, Drive, Test, Unreadable
from actionstudio.apps.traffic.models import Exchange
from actionstudio.apps.traffic.words import texts
from actionstudio.apps.traffic.words.phrases import PLACES, phrase

COLUMNS = ("id", *texts.COLUMNS)
BY_INDEX = Drive(BY_WORDS, "")


def words(text: str, whole: bool, places: tuple[str, ...] = PLACES) -> Test:
    """A row has these words in sequence; the last one may go on unless ``whole``. Signs alone are found as they are."""
    asked = phrase(text, whole, places)
    if asked is not None:
        return Test(asked.holds, COLUMNS, phrase=asked)
    needle = text.casefold().strip()
    return Test(lambda row: needle in _raw(row, places), COLUMNS)


def bodies(value: str, quoted: bool, places: tuple[str, ...]) -> Test:
    """Words of a body. Raises Unreadable without any."""
    if not value.strip():
        raise Unreadable(_('Write a word, or words in quotes: body~refund or body~"card declined".'))
    return words(value, quoted, places)


def by_id(text: str) -> Test | None:
    """The test of a public id (req_…); None when the text is none."""
    try:
        pk = Exchange.private_id(text)
    except ValueError:
        return None
    if pk >= 1 << 63:
        return None
    return Test(lambda row: row.id == pk, ("id",), ("id = %s", (pk,)), ids=(pk, pk + 1))


def _raw(row: Any, places: tuple[str, ...]) -> str:
    if places == PLACES:
        return texts.raw(row)
    parts = [texts.readable(getattr(row, f"{place}_body")) for place in places]
    return "\n".join(parts).casefold()
