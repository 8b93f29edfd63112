"""Visit: one call on its way through route > guard > read > respond, and what was decided about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from actionstudio.core.call import Call
from actionstudio.runtime.replies import Prepared

if TYPE_CHECKING:
    from actionstudio.core.rules import Facts
    from actionstudio.runtime.callbacks import Job, Planned
    from actionstudio.runtime.operation import Served
    from actionstudio.runtime.ports import Token
    from actionstudio.runtime.translate import Translation

PROBE = "x-action-studio-probe"  # the header by which the studio's own look at an address says what it is
ANY_KEY = -1  # a key id that stands for "some good credential"


class Visit:
    """Filled on the way.

    ``assume`` is the issued key, or the token, that the call counts as carrying (replay and try it), or None. ``base``
    is the index among the address's base URLs under which it was called. ``stamps`` are microseconds by stage.
    ``translation`` tells how the call was led from the GPT profile's shape to the document's, None when it was not.
    ``facts`` are what responders have read of the call. ``token`` is the token that let it in, and ``sign_in`` the
    sign-in it belongs to. ``after`` are the callbacks planned with its answer and ``jobs`` those that follow it; ``id``
    is its row in the log, once made; ``logged`` says whether it gets one.
    """

    __slots__ = (
        "after",
        "assume",
        "auth",
        "base",
        "call",
        "decisions",
        "facts",
        "headers",
        "id",
        "jobs",
        "key_id",
        "kind",
        "logged",
        "operation",
        "reply",
        "sign_in",
        "stamps",
        "token",
        "translation",
        "values",
        "violations",
    )

    def __init__(self, call: Call, base: int = -2, assume: int | Token | None = None) -> None:
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
        self.translation: Translation | None = None
        self.facts: Facts | None = None
        self.token: Token | None = None
        self.sign_in = ""
        self.logged = True
        self.after: tuple[Planned, ...] = ()
        self.jobs: tuple[Job, ...] = ()
        self.id = 0

    @property
    def user(self) -> str:
        """The ``sub`` of the end user who signed in, "" when nobody did."""
        return self.token.user if self.token is not None else ""

    def refuse(self, reply: Prepared, **why: Any) -> None:
        """Ends the visit: this call is not answered by its operation."""
        self.kind = "refused"
        self.reply = reply
        self.decisions.update(why)


def from_openai(headers: dict[str, str]) -> bool:
    """Whether the call comes from ChatGPT: its user agent, or headers that only it sends. Our own probe looks like it,
    and says what it is."""
    return (
        "openai-conversation-id" in headers
        or "openai-ephemeral-user-id" in headers
        or ("ChatGPT-User" in headers.get("user-agent", "") and PROBE not in headers)
        or "openai-subdivision-1-iso-code" in headers
    )
