"""took: how long the answer took."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actionstudio.apps.traffic.asking import ranges
from actionstudio.apps.traffic.asking.term import BY_SLOWNESS, Drive, Test, Unreadable, term
from actionstudio.apps.traffic.models import SLOW

UNITS = {"us": 1, "µs": 1, "ms": 1_000, "min": 60_000_000, "m": 60_000_000, "s": 1_000_000}
DRIVE = Drive(BY_SLOWNESS, f"duration_us >= {SLOW}", whole=False)
VALUES = (
    (">1s", gettext_lazy("more than a second")),
    (">10s", gettext_lazy("more than ten seconds")),
    (">45s", gettext_lazy("longer than ChatGPT waits")),
)
_ends = ranges.measured(UNITS, "ms")


@term("took", gettext_lazy("How long the answer took."), (">2s", "<50ms", "100ms..2s"), values=VALUES)
def read(sign: str, value: str, quoted: bool) -> Test:
    try:
        range = ranges.read(value.lower(), _ends)
    except Unreadable:
        raise Unreadable(_("Write a time such as >2s, <50ms or 100ms..2s.")) from None
    within = ranges.within(range)
    slow = range[0] is not None and range[0] >= SLOW
    return Test(lambda row: within(row.duration_us), ("duration_us",), drive=DRIVE if slow else None)
