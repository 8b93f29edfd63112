"""What goes with an account and its projects beyond their own database.

Apps after this one register with :func:`also` the work that removes their part: what has no foreign key to a user.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

type Work = Callable[[int, Sequence[int]], object]

_ALSO: list[Work] = []


def also(work: Work) -> None:
    """Has ``work(user, projects)``, both former ids, remove what an app keeps of them."""
    if work not in _ALSO:
        _ALSO.append(work)


def gone(user: int, projects: Sequence[int]) -> None:
    """Removes what is left of an account that was deleted. Takes as long as its projects have calls."""
    for work in _ALSO:
        work(user, projects)
