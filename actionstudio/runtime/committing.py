"""Answers visits so that what they change in the store and their record in the log are one commit, or none."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable

from actionstudio.runtime import replies
from actionstudio.runtime.journal import Journal
from actionstudio.runtime.operation import Served
from actionstudio.runtime.ports import Record, Store, Unavailable
from actionstudio.runtime.program import Program
from actionstudio.runtime.replies import Prepared
from actionstudio.runtime.visit import Visit

BROKEN = replies.problem(500, "The mock engine failed", notes={"response": "an error of ours; see the server's log"})
UNKEPT = replies.problem(
    503,
    "Not kept",
    "What this call was to change could not be kept, so nothing was changed. The server's log says why. Call again.",
    (("retry-after", "1"),),
    {"response": "what the call was to change could not be kept; see the server's log"},
)
log = logging.getLogger(__name__)


class Committing:
    """``here`` answers in the event loop, ``apart`` in a thread."""

    def __init__(self, store: Store | None, journal: Journal) -> None:
        self._store = store
        self._journal = journal

    def elsewhere(self, served: Served) -> bool:
        """Whether this must be answered in a thread: it waits for another server, or for a database that may not be
        asked in the event loop (switches are claimed in the house's own)."""
        away = self._store is not None and not self._store.inline
        return served.remote or bool(served.switches) or (served.stored and away)

    def here(self, program: Program, served: Served, visit: Visit) -> None:
        """What the visit changes is committed with the journal's next write."""
        if not served.stored or self._store is None:
            program.finish(served, visit)
            return
        with self._store.transaction():
            program.finish(served, visit)

    def apart(self, program: Program, served: Served, visit: Visit, seal: Callable[[], Record | None]) -> Record | None:
        """A visit that changes something has its record (``seal`` makes it) written in the same commit and returned."""
        if not served.stored or self._store is None:
            program.finish(served, visit)
            return None
        record = None
        try:
            with self._store.transaction():
                program.finish(served, visit)
                record = seal() if self._store.pending() else None
                if record is not None:
                    self._journal.join(record)
        except Exception:
            if record is None:
                raise
            failed(visit, UNKEPT)
            return None
        return record

    def pending(self, served: Served | None) -> bool:
        """Whether the answer to this call is true only when the journal's next write succeeds. In the event loop."""
        return served is not None and served.stored and self._store is not None and self._store.pending()

    def lasting(self) -> bool:
        """Whether the call has changed rows: its record may not come later than they do. Only calls were counted
        otherwise: that is committed by itself then."""
        if self._store is None or self._store.changed():
            return True
        self._store.settle()
        return False


def failed(visit: Visit, reply: Prepared = BROKEN) -> None:
    """Ends the visit that an exception has left. Call it where that is at hand."""
    log.exception("%s %s could not be answered", visit.call.method, visit.call.path)
    if isinstance(sys.exception(), Unavailable):
        reply = UNKEPT
    visit.decisions, visit.after, visit.jobs = {}, (), ()
    visit.refuse(reply, response=reply.notes["response"])
