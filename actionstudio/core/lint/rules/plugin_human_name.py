"""Rule: the plugin's name is short."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core import limits
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.words import said


@rule(level="fatal", source="PL-02", targets=("plugin",), topic="plugin", sure="A")
def check(look: Look) -> Iterator[Hit]:
    """The name that people read has at most 50 characters. A later limit of 20 is remembered.

    Where none is written, the project's title is cut.
    """
    text = look.contract.manifest.name_for_human
    if look.only is None and len(text) > limits.NAME_FOR_HUMAN:
        message = said(
            "The name for people has %(length)s characters; %(most)s are allowed.",
            length=len(text),
            most=limits.NAME_FOR_HUMAN,
        )
        yield Hit("/manifest/name_for_human", message)
