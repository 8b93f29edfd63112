"""Replays as plain JSON, and the edits of a body as the deed takes them."""

import base64
from typing import Any

from django.utils.translation import gettext as _

from actionstudio.apps.replay import ignoring, judging
from actionstudio.apps.replay.models import Replay
from actionstudio.apps.traffic.models import Exchange
from actionstudio.core.problem import Problem, Refused


def line(row: Replay) -> dict[str, Any]:
    """A replay as the list shows it."""
    answered = row.result_exchange_id
    return {
        "id": row.pk,
        "run": f"run_{row.run_id}" if row.run_id else None,
        "exchange": Exchange(id=row.exchange_id).public_id,
        "result_exchange": Exchange(id=answered).public_id if answered else None,
        "created": row.created,
        "target": row.target,
        "edited": row.edited,
        "same": row.same,
        "changes": row.changes,
        "comparable": row.facts.get("comparable", True),
        "error": row.error,
    }


def whole(row: Replay) -> dict[str, Any]:
    """A replay with both answers, what differs between them, and what was different about the request."""
    return {**compared(row), "facts": judging.facts(row)}


def compared(row: Replay, book: ignoring.Book | None = None) -> dict[str, Any]:
    """A replay with both answers and what differs between them. ``book``: the project's rules, for many replays."""
    found = judging.lines(row, judging.difference(row, book)) if row.after else []
    names = ("kind", "path", "before", "after", "noise")
    return {
        **line(row),
        "ignore": row.ignore,
        "before": reply(row.before),
        "after": reply(row.after) if row.after else None,
        "differences": [{name: getattr(item, name) for name in names} for item in found],
    }


def reply(kept: dict[str, Any]) -> dict[str, Any]:
    return {name: kept[name] for name in ("status", "headers", "body", "size", "duration_us")}


def overrides(wish: dict[str, Any]) -> dict[str, Any]:
    """The edits of a body as the deed takes them."""
    out = dict(wish)
    if "body" in out:
        out["body"] = out["body"].encode()
    if "body_base64" in out:
        try:
            out["body"] = base64.b64decode(out.pop("body_base64"), validate=True)
        except ValueError as error:
            raise Refused(Problem("/overrides/body_base64", _("This is not base64."), "invalid")) from error
    if not out.get("path", "/").startswith("/"):
        raise Refused(Problem("/overrides/path", _("A path begins with “/”, such as /orders."), "path"))
    return out
