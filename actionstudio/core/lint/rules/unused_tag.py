"""Rule: every tag is used."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import TARGETS, Hit, rule
from actionstudio.core.words import said


@rule(level="advice", targets=TARGETS, topic="quality", bad="tags: [{name: Old}]", good="tags: []")
def check(look: Look) -> Iterator[Hit]:
    """A tag that no operation bears is an empty heading in the reference.

    Delete it.
    """
    if look.only is not None:
        return
    worn = {tag for op in look.contract.operations for tag in op.tags}
    for index, tag in enumerate(look.contract.tags):
        name = tag.get("name")
        if isinstance(name, str) and name not in worn:
            yield Hit(f"/tags/{index}", said("No operation bears the tag “%(name)s”.", name=name))
