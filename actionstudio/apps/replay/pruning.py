"""Retention of everything that holds calls: the log, the replays, the windows of rate limits, and ended sign-ins."""

import datetime

from django.conf import settings
from django.utils import timezone

from actionstudio.apps.mocking import counting
from actionstudio.apps.oauth import pruning as sign_ins
from actionstudio.apps.oauth import tracing
from actionstudio.apps.replay.models import Replay
from actionstudio.apps.traffic import pruning

CHUNK = 500


def prune(days: int | None = None) -> tuple[int, int]:
    """Removes exchanges and replays older than ``days`` (default: the setting). Returns how many of each."""
    counting.prune()
    sign_ins.prune()
    days = settings.STUDIO_RETENTION_DAYS if days is None else days
    tracing.prune(days)
    return pruning.prune(days), _replays(days)


def _replays(days: int) -> int:
    if days <= 0:
        return 0
    old, removed = Replay.objects.filter(created__lt=timezone.now() - datetime.timedelta(days=days)), 0
    while ids := list(old.order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        removed += Replay.objects.filter(pk__in=ids).delete()[0]
    return removed
