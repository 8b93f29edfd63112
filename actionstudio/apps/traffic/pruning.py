"""Retention: removes old exchanges, and those of a deleted project, in chunks that leave other writers room."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.db import connections, router
from django.utils.translation import gettext as _

from actionstudio.apps.projects import jobs
from actionstudio.apps.traffic.models import SHIFT, Exchange

CHUNK = 2_000  # rows deleted in one transaction: about 12 ms
PAUSE = 0.01  # seconds between two of them


def prune(days: int, now: float | None = None) -> int:
    """Removes all exchanges older than ``days`` (0 keeps everything). Returns how many there were."""
    if days <= 0:
        return 0
    cutoff = int(((now or time.time()) - days * 86_400) * 1000) << SHIFT
    return _delete("id < %s ORDER BY id", [cutoff])


def forget(progress: jobs.Progress) -> dict:
    """Removes the exchanges of the deleted project in ``progress.job.input``; work of a job, and safe to repeat."""
    project_id = progress.job.input["project_id"]
    removed = _delete("project_id = %s", [project_id], lambda done: progress.step(_("Removing requests"), done))
    with progress.finishing() as job:
        job.result = {"exchanges": removed}
    return job.result


def _delete(condition: str, params: list, tell: Callable[[int], object] = lambda done: None) -> int:
    sql = f"DELETE FROM traffic_exchange WHERE id IN (SELECT id FROM traffic_exchange WHERE {condition} LIMIT %s)"
    connection, done = connections[router.db_for_write(Exchange)], 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(sql, [*params, CHUNK])
            done += cursor.rowcount
            if cursor.rowcount < CHUNK:
                return done
        tell(done)
        time.sleep(PAUSE)
