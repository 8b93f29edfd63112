"""Rule: the plugin's text for the model is short enough."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core import limits
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.words import said


@rule(level="fatal", source="PL-05", targets=("plugin",), topic="plugin", sure="A")
def check(look: Look) -> Iterator[Hit]:
    """The description that the model reads has at most 8,000 characters; OpenAI said that this would become less.

    It is part of every conversation in which the plugin is on.
    """
    text = look.contract.manifest.description_for_model
    if look.only is None and len(text) > limits.DESCRIPTION_FOR_MODEL:
        message = said(
            "The description for the model has %(length)s characters; %(most)s are allowed.",
            length=len(text),
            most=limits.DESCRIPTION_FOR_MODEL,
        )
        yield Hit("/manifest/description_for_model", message)
