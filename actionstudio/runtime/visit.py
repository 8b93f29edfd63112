"""Visit: one call on its way through route > guard > read > respond, and what was decided about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from actionstudio.core.call import Call
from actionstudio.runtime.replies import Prepared

if TYPE_CHECKING:
    from actionstudio.runtime.operation import Served

ANY_KEY = -1  # a key id that stands for "some good credential"


class Visit:
    """Filled on the way.

    ``assume`` is the issued key the call counts as carrying (replay and try it), or None. ``base`` is the index among
    the address's base URLs under which it was called. ``stamps`` are microseconds by stage.
    """

    __slots__ = (
        "assume",
        "auth",
        "base",
        "call",
        "decisions",
        "headers",
        "key_id",
        "kind",
        "operation",
        "reply",
        "stamps",
        "values",
        "violations",
    )

    def __init__(self, call: Call, base: int = -2, assume: int | None = None) -> None:
        self.call = call
        self.base = base
        self.assume = assume
        self.headers: dict[str, str] = dict(call.headers)
        self.operation: Served | None = None
        self.values: dict[str, str] | None = None
        self.auth = "none"
        self.key_id: int | None = None
        self.violations: tuple[dict[str, Any], ...] = ()
        self.decisions: dict[str, Any] = {}
        self.kind = "mock"
        self.reply: Any = None  # a Prepared as soon as it is decided
        self.stamps: tuple[tuple[str, int], ...] = ()

    def refuse(self, reply: Prepared, **why: Any) -> None:
        """Ends the visit: this call is not answered by its operation."""
        self.kind = "refused"
        self.reply = reply
        self.decisions.update(why)
