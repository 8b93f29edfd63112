"""Rule: the model is told what the plugin is for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.words import said

_START = re.compile(
    r"(?:a |the |this )?(?:plugin|tool|use (?:it|this)|extension|un plugin|plugin|用于|插件|플러그인)", re.IGNORECASE
)


@rule(
    level="advice",
    source="PL-10",
    targets=("plugin",),
    topic="plugin",
    sure="A",
    bad="description_for_model: Great recipes!",
    good="description_for_model: Plugin for finding recipes by what is in the fridge.",
)
def check(look: Look) -> Iterator[Hit]:
    """OpenAI's own descriptions for the model begin with “Plugin for …”.

    It tells the model at once what it has at hand.
    """
    text = look.contract.manifest.description_for_model.strip()
    if look.only is None and text and not _START.match(text):
        yield Hit("/manifest/description_for_model", said("Begin the description for the model with “Plugin for …”."))
