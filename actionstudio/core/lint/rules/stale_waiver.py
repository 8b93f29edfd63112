"""Rule: what was waived is still there."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import RULES, TARGETS, Hit, rule
from actionstudio.core.words import said


@rule(level="advice", targets=TARGETS, topic="quality")
def check(look: Look) -> Iterator[Hit]:
    """A finding that you decided to live with is gone, or its rule is: the decision can be taken back.

    Left there, it would hide the next finding of that kind at that place.
    """
    from actionstudio.core.lint.check import covers

    if look.only is not None:
        return
    for waiver in look.contract.waivers:
        known = RULES.get(waiver.code)
        if known is not None and (look.target not in known.targets or any(covers(waiver, one) for one in look.found)):
            continue
        message = said("“%(code)s” is waived here, but there is nothing to waive. Take it back.", code=waiver.code)
        yield Hit(waiver.pointer, message)
