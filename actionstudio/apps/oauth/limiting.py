"""How often something may be tried: counted in the database, so exact for all workers together."""

import math
import random
import time
from hashlib import sha256

from django.db import IntegrityError, transaction
from django.db.models import Count, F, QuerySet, Value
from django.db.models.functions import Left, StrIndex

from actionstudio.apps.oauth.models import Attempt
from actionstudio.apps.oauth.prepared import Change, Rows, Slot

LONGEST = 86_400  # seconds of a window at most
MOST_ROWS = 50_000  # of one kind, but for those that guard passwords and secrets
GUARDS = frozenset(("login", "login-hour", "login-known", "login-known-hour", "login-ip", "login-project", "secret"))
_SWEEP = 200  # one new row in so many looks for those that are over
_TRIES = 8
_TAKE = Change(
    lambda: Attempt.objects.filter(name=Slot("name"), since__gt=Slot("since"), count__lt=Slot("most")),
    count=F("count") + 1,
)
_HERE = Rows(lambda: Attempt.objects.filter(name=Slot("name")).values_list("since", "count"))


def allowed(name: str, most: int, seconds: int) -> int:
    """Takes one of the ``most`` tries that ``name`` has in a window of ``seconds``, which begins with the first try.

    0 when there was one; else how many seconds to wait, at least 1. What stands in ``name`` before its first ``:`` is
    kept as it is, the rest only as a hash. Raises ValueError for a window longer than a day.
    """
    if not 0 < seconds <= LONGEST:
        raise ValueError(f"a window has 1 to {LONGEST} seconds, not {seconds}")
    key = _key(name)
    for _ in range(_TRIES):
        now = time.time()
        if _TAKE.run(name=key, since=now - seconds, most=most):
            return 0
        row = _HERE.first(name=key)
        if row is None:
            if _begin(key, now, now + seconds):
                return 0
            continue
        since, count = row
        if since <= now - seconds:
            here = Attempt.objects.filter(name=key, since=since, count=count)
            if here.update(since=now, ends=now + seconds, count=1):
                return 0
        elif count >= most:
            return max(1, math.ceil(since + seconds - now))
    return 1


def give_back(name: str) -> None:
    """One of the tries that ``name`` took does not count."""
    Attempt.objects.filter(name=_key(name), count__gt=0).update(count=F("count") - 1)


def forgive(name: str) -> None:
    """Gives ``name`` all its tries back: it was the right one after all."""
    Attempt.objects.filter(name=_key(name)).delete()


def _key(name: str) -> str:
    kind, _, who = name.partition(":")
    return f"{kind[:40]}:{sha256(who.encode('utf-8', 'surrogatepass')).hexdigest()[:48]}"


def _begin(key: str, now: float, ends: float) -> bool:
    if random.randrange(_SWEEP) == 0:
        sweep(now)
    try:
        with transaction.atomic():
            Attempt.objects.create(name=key, since=now, ends=ends, count=1)
    except IntegrityError:
        return False  # somebody else was first: count with them
    return True


def sweep(now: float) -> None:
    """Removes windows that are over, and the oldest of a kind of which there are still more than MOST_ROWS.

    Who floods one kind does not wash the counters of another away. Those of GUARDS stay until their window is over: it
    is short, and each row costs whoever makes it a request."""
    Attempt.objects.filter(ends__lte=now).delete()
    kind = Left("name", StrIndex("name", Value(":")) - 1)
    counts = Attempt.objects.annotate(kind=kind).values("kind").annotate(n=Count("pk")).order_by()
    for name, n in counts.filter(n__gt=MOST_ROWS).values_list("kind", "n"):
        if name not in GUARDS:
            _shorten(Attempt.objects.filter(name__startswith=f"{name}:"), n - MOST_ROWS)


def _shorten(rows: QuerySet[Attempt], beyond: int) -> None:
    last = rows.order_by("since").values_list("since", flat=True)[beyond - 1]
    rows.filter(since__lte=last).delete()
