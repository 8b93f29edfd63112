"""Rule: plugin parameters are described in 200 characters at most."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core import limits
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.words import said


@rule(level="fatal", source="PL-09", targets=("plugin",), topic="plugin", sure="A")
def check(look: Look) -> Iterator[Hit]:
    """In the days of plugins, the description of a parameter had at most 200 characters.

    Actions raised that to 700.
    """
    for op in look.operations:
        for pointer, parameter in look.parameters(op):
            if len(parameter.description) > limits.PLUGIN_TEXT:
                facts = {"name": parameter.name, "length": len(parameter.description), "most": limits.PLUGIN_TEXT}
                message = said(
                    "The text of “%(name)s” has %(length)s characters; plugins take %(most)s at most.", **facts
                )
                yield Hit(f"{pointer}/description", message)
