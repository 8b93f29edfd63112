"""Rule: descriptions are plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from actionstudio.core.lint import texts
from actionstudio.core.lint.look import Look, place_of
from actionstudio.core.lint.rule import TARGETS, Hit, rule
from actionstudio.core.words import said

_HINT = re.compile(r"[<|`\]]")
_MARKUP = re.compile(
    r"</?(?:p|b|i|br|a|ul|ol|li|code|pre|strong|em|h[1-6]|table|tr|td|div|span)\b[^>]*>|!?\[[^\]]+\]\(https?:[^)]+\)|^\|.+\|$|```",
    re.IGNORECASE | re.MULTILINE,
)


@rule(
    level="advice",
    source="TS-03",
    targets=TARGETS,
    topic="texts",
    sure="C",
    bad="description: <p>Returns <b>all</b> pets</p>",
    good="description: Returns all pets",
)
def check(look: Look) -> Iterator[Hit]:
    """The model reads the text as it stands: tags, links and tables cost characters and tell it nothing.

    Write plain sentences.
    """
    for pointer, text in texts.said_to_the_model(look):
        if _HINT.search(text) and (match := _MARKUP.search(text)):
            message = said(
                "%(place)s: “%(words)s” is markup, which the model reads as it stands.",
                place=place_of(pointer),
                words=match.group()[:40],
            )
            yield Hit(pointer, message)
