"""Rule: the plugin's text for people is short."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core import limits
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.words import said


@rule(level="fatal", source="PL-04", targets=("plugin",), topic="plugin", sure="A")
def check(look: Look) -> Iterator[Hit]:
    """The description that people read has at most 120 characters; later 100.

    Say in one sentence what the plugin is for.
    """
    text = look.contract.manifest.description_for_human
    if look.only is None and len(text) > limits.DESCRIPTION_FOR_HUMAN:
        message = said(
            "The description for people has %(length)s characters; %(most)s are allowed.",
            length=len(text),
            most=limits.DESCRIPTION_FOR_HUMAN,
        )
        yield Hit("/manifest/description_for_human", message)
