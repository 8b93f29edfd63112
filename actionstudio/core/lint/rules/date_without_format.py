"""Rule: dates say how they are written."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from actionstudio.core.lint import texts
from actionstudio.core.lint.look import Look, types_of
from actionstudio.core.lint.rule import TARGETS, Hit, rule
from actionstudio.core.words import said

_DATE = re.compile(r"(?:^|_|[a-z])(?:[Dd]ate|timestamp|Timestamp)(?:$|_|[A-Z])|_at$|[a-z]At$")

_TELLING = {"format", "pattern", "enum", "example", "examples"}
_FORM = re.compile(r"\d|ISO|[Yy]{4}")


@functools.lru_cache(maxsize=4096)
def _is_date(name: str) -> bool:
    return bool(_DATE.search(name))


@rule(
    level="advice",
    targets=TARGETS,
    topic="quality",
    bad="from_date: {type: string}",
    good="from_date: {type: string, format: date}",
)
def check(look: Look) -> Iterator[Hit]:
    """A model writes a date in the way that seems usual to it, unless the schema or the description says how.

    Give it the format “date” or “date-time”, or an example in its description.
    """
    for op in look.operations:
        for name, node, _required, text in look.filled(op):
            is_open = types_of(node) == ("string",) and not node.keys() & _TELLING
            if is_open and _is_date(name) and not _FORM.search(text):
                message = said(
                    "“%(name)s” of %(op)s does not say how dates are written.", name=name, op=texts.name_of(op)
                )
                yield Hit(look.argument_at(op, name), message)
