"""Rule: references lead somewhere."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint.look import Look, context_of, place_of
from actionstudio.core.lint.rule import TARGETS, Hit, rule
from actionstudio.core.specs import pointers
from actionstudio.core.words import said, said_n


@rule(
    level="degrades",
    source="DOC-06",
    targets=TARGETS,
    sure="C",
    repairs=("unresolved-references",),
    mended=lambda n: said_n(
        "%(n)s reference points to nothing; GPT gets “anything” in its place.",
        "%(n)s references point to nothing; GPT gets “anything” in their place.",
        n,
    ),
    words="In context=(…), reference to unknown component Y; using empty schema",
    bad="$ref: '#/components/schemas/Gone'",
    good="$ref: '#/components/schemas/Pet'",
)
def check(look: Look) -> Iterator[Hit]:
    """A reference that leads nowhere becomes “anything”. References out of the document are never fetched."""
    for place in look.places:
        ref = place.node.get("$ref")
        if isinstance(ref, str) and not look.resolver.exists(ref):
            yield _hit(place.pointer, ref)
    for op in look.operations:
        for index, parameter in enumerate(op.parameters):
            if parameter.ref and look.resolver.parameter(parameter) is None:
                yield _hit(f"{op.pointer}/parameters/{index}", parameter.ref)
        if op.body is not None and op.body.ref and look.whole_body(op) is None:
            yield _hit(f"{op.pointer}/requestBody", op.body.ref)
        for response in op.responses:
            if response.ref and look.resolver.find(response.ref) is pointers.MISSING:
                yield _hit(f"{op.pointer}/responses/{response.status}", response.ref)


def _hit(pointer: str, ref: str) -> Hit:
    name = ref.rpartition("/")[2]
    words = f"In context={context_of(pointer)}, reference to unknown component {name}; using empty schema"
    message = said(
        "%(place)s: “%(ref)s” points to nothing in this project. Add it, or choose another.",
        place=place_of(pointer),
        ref=ref,
    )
    return Hit(pointer, message, words)
