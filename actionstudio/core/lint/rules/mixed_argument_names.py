"""Rule: arguments are named in one way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from actionstudio.core.lint import texts
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import TARGETS, Hit, rule
from actionstudio.core.words import said

_ENOUGH = 3


@rule(level="advice", targets=TARGETS, topic="quality", bad="userId, order_id", good="user_id, order_id")
def check(look: Look) -> Iterator[Hit]:
    """A model that has seen user_id writes order_id, and is refused where the name is orderId.

    Use one style throughout.
    """
    if look.only is not None:
        return
    first: dict[str, tuple[str, str]] = {}
    for op in look.operations:
        for name, *_rest in look.arguments(op):
            if name not in first and (style := texts.style_of(name)):
                first.setdefault(name, (style, look.argument_at(op, name)))
    usual, count = Counter(style for style, _ in first.values()).most_common(1)[0] if first else ("", 0)
    odd = [(name, style, pointer) for name, (style, pointer) in first.items() if style != usual]
    for name, style, pointer in odd if count >= _ENOUGH else ():
        facts = {"name": name, "style": style, "usual": usual}
        yield Hit(pointer, said("The argument “%(name)s” is written in %(style)s; most are in %(usual)s.", **facts))
