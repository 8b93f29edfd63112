"""Places where very long words may break: a browser looks for them itself, and takes minutes over 32,000 letters.

Chromium shapes the rest of a word anew for each line that ``overflow-wrap`` breaks off it; with ``<wbr>`` it need not.
A <wbr> is no character: what is copied from the page is what was written.
"""

import re
from itertools import batched

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

LONG = 400  # characters from which on a word gets such places; a word of that length costs a browser nothing
STEP = 16  # characters between two of them
# A tag, or a word. Each begins where the one before ended and none is given up for another: the time a text takes grows
# with its length alone. Not in a word: scripts that browsers break between any two characters, or by dictionary (Thai,
# Lao, Burmese, Khmer).
_WORD = re.compile(
    r"<[^>]*+>?|([^\s<>\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\U0001d3ff\U0001d800-\U0010ffff]++)"
)
_LETTER = re.compile(r"(?:&#?[0-9A-Za-z]{1,32};|.)[\u0300-\u036f]*+", re.DOTALL)  # or an entity; with its accents


def soft(value: object) -> SafeString:
    """The text, or HTML that is safe, as HTML whose longest words may break. Tags stay as they are."""
    return mark_safe(_WORD.sub(_broken, conditional_escape(value)))  # escaped, and only <wbr> is added


def _broken(found: re.Match[str]) -> str:
    word = found[1]
    letters = _LETTER.findall(word) if word and len(word) >= LONG else ()
    if len(letters) < LONG:
        return found[0]
    return "<wbr>".join("".join(some) for some in batched(letters, STEP))
