"""Rule: an argument has one place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from actionstudio.core.lint import texts
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import TARGETS, TOOLS, Hit, rule
from actionstudio.core.words import said


@rule(
    level="drops-op",
    source="OP-08",
    targets=TARGETS,
    sure="D",
    repairs=("rename-duplicates",),
    words="parameter id is duplicated; skipping function due to errors",
    bad="parameters: [{name: id, in: path}]\nrequestBody: {… properties: {id: …}}",
    good="parameters: [{name: id, in: path}]\nrequestBody: {… properties: {new_id: …}}",
)
def check(look: Look) -> Iterator[Hit]:
    """Parameters and the fields of the body reach ChatGPT as one flat list, so no name may be in both."""
    for op in look.operations:
        names = Counter(name for name, *_ in look.arguments(op))
        for name in (name for name, times in names.items() if times > 1):
            facts = {"name": name, "op": texts.name_of(op)}
            if look.target in TOOLS:
                message = said("Two arguments of %(op)s are called “%(name)s”; in the tool one is renamed.", **facts)
                yield Hit(op.pointer, message, level="advice")
                continue
            message = said("“%(name)s” is the name of two arguments of %(op)s. Rename one.", **facts)
            yield Hit(op.pointer, message, f"parameter {name} is duplicated; skipping function due to errors")
