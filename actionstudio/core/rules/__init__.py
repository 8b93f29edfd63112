"""Rules: which answer a call gets. Compiled once, decided in microseconds, explained afterwards. Nothing here raises
for what a call says or a builder wrote: what is wrong with rules is told by ``problems`` before they are saved."""

from __future__ import annotations

from actionstudio.core.behaviour import Behaviour, Rules, inside
from actionstudio.core.rules.checking import problems
from actionstudio.core.rules.compiled import Compiled, Decision
from actionstudio.core.rules.explaining import Answered, Explained, explain, explained, trail_of
from actionstudio.core.rules.facts import Facts
from actionstudio.core.rules.operators import reads_state

__all__ = [
    "Answered",
    "Compiled",
    "Decision",
    "Explained",
    "Facts",
    "explain",
    "explained",
    "keeps_state",
    "problems",
    "trail_of",
]


def keeps_state(behaviour: Behaviour) -> bool:
    """Whether rules of a behaviour count calls, take turns or look at collections."""
    return any(
        one.mode == "sequential" or any(reads_state(condition) for rule in one.rules for condition in rule.conditions)
        for one in inside(behaviour)
        if isinstance(one, Rules)
    )
