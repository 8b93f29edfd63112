"""The same call came again and again, and failed each time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actionstudio.apps.traffic.diagnoses.diagnosis import Diagnosis, Group, on_calls
from actionstudio.apps.traffic.models import SHIFT, Exchange

LEAST = 4  # failures of one call that make a storm
WITHIN = 60_000  # milliseconds from one to the next


@on_calls("bad")
def look(project, rows: Sequence[Exchange], shared: dict) -> Iterator[Group]:
    """The plugins' documentation says that a model may try up to ten times; each try costs the user time, and the
    answers of the tries before it are all it has to do better."""
    runs: dict[tuple, list[Exchange]] = {}
    for row in rows:
        if row.kind not in ("mock", "refused"):
            continue
        key = asked(row)
        run = runs.get(key)
        if row.status < 400:
            yield from _told(runs.pop(key, []))
        elif run and (row.id >> SHIFT) - (run[-1].id >> SHIFT) <= WITHIN:
            run.append(row)
        else:
            yield from _told(run or [])
            runs[key] = [row]
    for run in runs.values():
        yield from _told(run)


def asked(row: Exchange) -> tuple:
    """What two calls have in common when one is a retry of the other: the operation, its path, query and body."""
    body = bytes(row.request_body)
    return row.method, row.path, row.query, sha256(body).digest() if body else b""


def _told(run: list[Exchange]) -> Iterator[Group]:
    if len(run) < LEAST:
        return
    seconds = max(1, round(((run[-1].id >> SHIFT) - (run[0].id >> SHIFT)) / 1000))
    title = ngettext(
        "The same call was tried %(n)s time and failed each time.",
        "The same call was tried %(n)s times and failed each time.",
        len(run),
    ) % {"n": len(run)}
    words = _("Say in the error's body what to change, or that trying again will not help.")
    statuses = ", ".join(dict.fromkeys(row.code for row in run))
    facts = (
        (_("Call"), f"{run[0].method} {run[0].line}"),
        (_("Answers"), statuses),
        (_("Within"), _("%(n)s s") % {"n": seconds}),
    )
    yield Group(Diagnosis(title, words, facts), len(run), run)
