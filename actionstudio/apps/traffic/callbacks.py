"""Which callbacks followed a logged call, and which call a logged callback followed."""

from __future__ import annotations

from actionstudio.apps.traffic.models import SHIFT, Exchange

MOST = 10  # callbacks that are shown with their call
LOOKED_AT = 200
LATE = 60  # seconds a callback may leave later than it is due, its own time included


def of(row: Exchange) -> list[Exchange]:
    """The callbacks that were tried after a call, in their order. Only those in the log, where a call ends with one."""
    trail = [entry for entry in row.decided.get("trail") or () if isinstance(entry, dict)]
    delays = [_seconds(one) for one in trail if one.get("what") == "callback" and not one.get("error")]
    if row.kind == "callback" or not delays:
        return []
    last = row.pk + (int((max(delays) + LATE) * 1000) << SHIFT)
    near = Exchange.objects.filter(project_id=row.project_id, kind="callback", pk__gt=row.pk, pk__lte=last)
    found = near.defer("request_body", "response_body").order_by("pk")[:LOOKED_AT]
    return [one for one in found if one.decided.get("call") == row.pk][:MOST]


def call_of(row: Exchange) -> str:
    """The public id of the call that a callback followed; "" for other rows."""
    call = row.decided.get("call")
    return Exchange(pk=call).public_id if row.kind == "callback" and isinstance(call, int) and call > 0 else ""


def error_of(row: Exchange) -> str:
    """Why a callback was not answered; "" when it was."""
    trail = [entry for entry in row.decided.get("trail") or () if isinstance(entry, dict)]
    return str(next((entry["error"] for entry in trail if entry.get("error")), ""))


def _seconds(entry: dict) -> float:
    delay = entry.get("delay")
    return min(float(delay), 3600.0) if isinstance(delay, int | float) else 0.0
