"""Rule: flags say what they do."""

from __future__ import annotations

import re
from collections.abc import Iterator

from actionstudio.core.lint import texts
from actionstudio.core.lint.look import Look, types_of
from actionstudio.core.lint.rule import TARGETS, Hit, rule
from actionstudio.core.words import said

_DENIES = re.compile(r"(?:no|not|disable|disabled|without|dont|skip_no)(?:[_-]|(?=[A-Z]))")


@rule(level="advice", targets=TARGETS, topic="quality", bad="noCache: {type: boolean}", good="cache: {type: boolean}")
def check(look: Look) -> Iterator[Hit]:
    """A flag that denies (“no…”, “disable…”, “not…”) is often set the wrong way round, by people and by models.

    Name what happens when it is true.
    """
    for op in look.operations:
        for name, node, _required, _text in look.filled(op):
            if types_of(node) == ("boolean",) and _DENIES.match(name):
                message = said("The flag “%(name)s” of %(op)s denies something.", name=name, op=texts.name_of(op))
                yield Hit(look.argument_at(op, name), message)
