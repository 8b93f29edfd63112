"""Rule: the plugin's name for the model is one word."""

from __future__ import annotations

import re
from collections.abc import Iterator

from actionstudio.core import limits
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.words import said

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


@rule(
    level="fatal",
    source="PL-03",
    targets=("plugin",),
    topic="plugin",
    sure="A",
    bad="name_for_model: my shop",
    good="name_for_model: my_shop",
)
def check(look: Look) -> Iterator[Hit]:
    """The model uses the name as a namespace: letters, digits and underscores, no spaces, at most 50 characters.

    Where none is written, one is made from the title.
    """
    name = look.contract.manifest.name_for_model
    if look.only is None and name and (not _NAME.fullmatch(name) or len(name) > limits.NAME_FOR_MODEL):
        message = said(
            "“%(name)s” is no name for the model: letters, digits and _ only, at most %(most)s.",
            name=name[:60],
            most=limits.NAME_FOR_MODEL,
        )
        yield Hit("/manifest/name_for_model", message)
