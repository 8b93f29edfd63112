"""Rule: a function can be strict."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.contract import Operation
from actionstudio.core.lint import texts
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.lint.strictness import measured
from actionstudio.core.specs import tools
from actionstudio.core.words import said

_MOST = 20_000  # fields of suspicious functions that are written for strict mode, to see whether it can be done


@rule(
    level="degrades",
    source="TOOL-03",
    targets=("openai",),
    topic="tools",
    sure="A",
    bad="type: object\nadditionalProperties: {type: string}",
    good="type: object\nproperties: {colour: {type: string}}",
)
def check(look: Look) -> Iterator[Hit]:
    """With “strict”, OpenAI's models keep to the schema exactly.

    It knows no open maps, no free-form objects, no values of any type, and no “not”, “if”, “patternProperties” or
    “dependent…”; “oneOf” only where one field tells its branches apart.

    Without it functions work, but arguments may be wrong.
    """
    work = 0
    for op in look.operations:
        size = measured(look, op)
        work += size.fields if size.faults else 0
        why = _why(look, op, size.faults, work <= _MOST) if size.faults else ""
        if why:
            yield Hit(op.pointer, said("%(op)s cannot be strict: %(why)s", op=texts.name_of(op), why=why))


def _why(look: Look, op: Operation, faults: set[str], exactly: bool) -> str:
    """The first reason why a function cannot be strict, "" when there is a way to say what it takes."""
    if exactly:
        return next(iter(tools.strictly(look.resolver, op).reasons), "")
    sure = sorted(faults - {"allOf", "oneOf"})
    return said("it uses “%(word)s”.", word=sure[0]) if sure else ""
