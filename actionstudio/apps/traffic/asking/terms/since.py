"""since: from a moment on."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actionstudio.apps.traffic.asking import times
from actionstudio.apps.traffic.asking.term import Test, Unreadable, term
from actionstudio.apps.traffic.models import SHIFT

VALUES = (
    ("15m", gettext_lazy("the last 15 minutes")),
    ("2h", gettext_lazy("the last two hours")),
    ("today", gettext_lazy("since midnight")),
    ("7d", gettext_lazy("the last seven days")),
)
EVER = (1 << 63) - 1


def span(since: int, until: int) -> Test:
    """Ids from ``since`` and before ``until``."""
    return Test(
        lambda row: since <= row.id < until, ("id",), ("(id >= %s AND id < %s)", (since, until)), ids=(since, until)
    )


@term("since", gettext_lazy("From then on: so long ago, a date or a time."), ("2h", "3d", "2026-11-21"), values=VALUES)
def read(sign: str, value: str, quoted: bool) -> Test:
    try:
        return span(times.read(value) << SHIFT, EVER)
    except Unreadable:
        raise Unreadable(_("Write how long ago (2h, 3d), a date (2026-11-21), a time, or today.")) from None
