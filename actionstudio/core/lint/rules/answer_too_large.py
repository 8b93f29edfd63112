"""Rule: answers are small enough."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from actionstudio.core import limits
from actionstudio.core.lint import texts
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.schemas.refs import escape
from actionstudio.core.words import said


@rule(level="degrades", source="RT-07", targets=("gpt", "plugin"), topic="calls", words="ResponseTooLarge", sure="A")
def check(look: Look) -> Iterator[Hit]:
    """A request or an answer must have fewer than 100,000 characters, else the call fails.

    Answer fewer rows at a time, and leave fields out that nobody asks for.
    """
    for op in look.operations:
        for response in look.resolver.responses(op):
            for media in response.content:
                for example in media.examples:
                    if _size(example.value) >= limits.PAYLOAD:
                        message = said(
                            "%(op)s: an example has %(size)s characters; ChatGPT takes fewer than %(most)s.",
                            op=texts.name_of(op),
                            size=_size(example.value),
                            most=limits.PAYLOAD,
                        )
                        yield Hit(
                            f"{op.pointer}/responses/{response.status}/content/{escape(media.media_type)}", message
                        )


def _size(value: Any) -> int:
    return len(value) if isinstance(value, str) else len(json.dumps(value, ensure_ascii=False, default=str))
