"""Rule: beside a path's methods stands nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.schemas.refs import escape
from actionstudio.core.words import said


@rule(
    level="drops-param",
    source="OP-01",
    words="Path /p has unrecognized method parameters; skipping",
    sure="D",
    repairs=("path-parameters",),
    bad="/todos/{id}:\n  parameters:\n    - {name: id, in: path, required: true}\n  get: …",
    good="/todos/{id}:\n  get:\n    parameters:\n      - {name: id, in: path, required: true}",
)
def check(look: Look) -> Iterator[Hit]:
    """ChatGPT reads every key beside the methods of a path as a method, and skips those that it does not know.

    Parameters that stand there are lost. The document that we serve puts them into the operations.
    """
    exposed = {op.path for op in look.operations}
    for path, item in look.contract.path_items.items() if look.as_written else ():
        for key in item if isinstance(item, dict) and path in exposed else ():
            if not key.startswith("x-"):
                message = said("ChatGPT does not read “%(key)s” of the path %(path)s.", key=key, path=path)
                words = f"Path {path} has unrecognized method {key}; skipping"
                level = "" if key == "parameters" else "advice"
                yield Hit(f"/paths/{escape(path)}/{escape(key)}", message, words, level)
