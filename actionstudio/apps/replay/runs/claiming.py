"""Who sends a call, and that nobody sends it twice: conditional updates, written before the call leaves.

An item goes ready -> sent -> done. A worker that is killed leaves ``sent`` behind: the call may have arrived. The next
worker sends it again only if that is known to do no harm; else it says that it does not know.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from actionstudio.apps.replay.models import Item, Replay, Run

LATE = (Item.State.SENT, Item.State.UNKNOWN, Item.State.READY)  # a result is taken even when it was given up


def claim(item: Item) -> bool:
    """Takes a call for sending. False when it is no longer to be sent, or somebody else has it."""
    rows = Item.objects.filter(pk=item.pk, state=Item.State.READY, attempts=item.attempts)
    mine = rows.update(state=Item.State.SENT, attempts=F("attempts") + 1, claimed=timezone.now())
    item.attempts += mine
    return bool(mine)


def claim_again(item: Item) -> bool:
    """Takes it for another attempt while it is still this worker's."""
    rows = Item.objects.filter(pk=item.pk, state=Item.State.SENT, attempts=item.attempts)
    mine = rows.update(attempts=F("attempts") + 1, claimed=timezone.now())
    item.attempts += mine
    return bool(mine)


def settle(item: Item, row: Replay, verdict: str, groups: str) -> bool:
    """Keeps what came back, together with the end of the item. False when another worker's result is there already."""
    state = Item.State.FAILED if row.error else Item.State.DONE
    with transaction.atomic():
        row.save()
        rows = Item.objects.filter(pk=item.pk, state__in=LATE, attempts=item.attempts)
        kept = rows.update(state=state, verdict=verdict, groups=groups, reason=row.error, replay=row)
        transaction.set_rollback(not kept)
    return bool(kept)


def leave(item: Item, state: str, reason: str) -> bool:
    """Ends an item that is not sent at all: refused, skipped, or failed before it left."""
    rows = Item.objects.filter(pk=item.pk, state__in=(Item.State.READY, Item.State.SENT), attempts=item.attempts)
    return bool(rows.update(state=state, reason=reason))


def recover(run: Run, may_repeat: Callable[[Item], bool]) -> int:
    """Looks at what a killed worker has left: back to ready, or unknown. Returns how many were left."""
    left = list(Item.objects.filter(run=run, state=Item.State.SENT))
    for item in left:
        rows = Item.objects.filter(pk=item.pk, state=Item.State.SENT, attempts=item.attempts)
        if may_repeat(item):
            rows.update(state=Item.State.READY)
        else:
            words = _("The server stopped while this call was on its way. It may have arrived; it is not sent again.")
            rows.update(state=Item.State.UNKNOWN, reason=words)
    return len(left)
