"""Rule: plugin texts have 200 characters at most."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core import limits
from actionstudio.core.lint import texts
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.words import said


@rule(level="fatal", source="PL-09", targets=("plugin",), topic="plugin", sure="A")
def check(look: Look) -> Iterator[Hit]:
    """In the days of plugins, the summary or description of an operation had at most 200 characters.

    Actions raised that to 300.
    """
    for op in look.operations:
        for field, text in (("description", op.description), ("summary", op.summary)):
            if len(text) > limits.PLUGIN_TEXT:
                facts = {"op": texts.name_of(op), "length": len(text), "most": limits.PLUGIN_TEXT}
                message = said("A text of %(op)s has %(length)s characters; plugins take %(most)s at most.", **facts)
                yield Hit(f"{op.pointer}/{field}", message)
