"""Visit: one call on its way through route > guard > read > respond, and what was decided about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from actionstudio.core.call import Call
from actionstudio.runtime.replies import Prepared

if TYPE_CHECKING:
    from actionstudio.runtime.program import Served

AUTHENTICATED = -1  # a key_id that stands for "some good credential"


class Visit:
    """Filled on the way; ``assume`` is the issued key the call counts as carrying (replay and try it), or None."""

    __slots__ = (
        "arguments",
        "assume",
        "auth",
        "body",
        "call",
        "decisions",
        "headers",
        "key_id",
        "kind",
        "operation",
        "path_values",
        "reply",
        "route",
        "stamps",
        "violations",
    )

    def __init__(self, call: Call, assume: int | None = None) -> None:
        self.call = call
        self.headers: dict[str, str] = dict(call.headers)
        self.assume = assume
        self.operation: Served | None = None
        self.path_values: dict[str, str] | None = None
        self.arguments: dict[str, Any] = {}
        self.body: Any = None
        self.auth = "none"
        self.key_id: int | None = None
        self.violations: tuple = ()
        self.decisions: Any = None
        self.kind = "mock"
        self.reply: Prepared | None = None
        self.stamps: tuple[int, ...] = ()
