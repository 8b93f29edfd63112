"""took: how long the answer took."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

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
MEANT = (("s", gettext_lazy("seconds")), ("ms", gettext_lazy("milliseconds")))
_ends = ranges.measured(UNITS, "ms")


def found(project: Any, beginning: str) -> Iterator[tuple[str, Any]]:
    """The units of a number that has none yet."""
    if bare(beginning) and not beginning.endswith("."):
        for unit, name in MEANT:
            yield beginning + unit, name


def bare(value: str) -> bool:
    """Whether a number other than 0 stands there without a unit: nobody can tell what was meant."""
    own = ranges.with_unit(value.lower())
    with suppress(Unreadable):
        return ranges.read(own, _ends) != ranges.read(ranges.with_unit(own, "s"), _ends)
    return False


def unsure(value: str) -> str:
    """Says what a bare number is taken for: the unit of the answers that the log shows most."""
    if not bare(value):
        return ""
    meant = {"typed": f"took:{value}", "seconds": f"took:{ranges.with_unit(value, 's')}"}
    return _("“%(typed)s” is taken for milliseconds; %(seconds)s asks for seconds.") % meant


@term(
    "took",
    gettext_lazy("How long the answer took; a number without a unit is in milliseconds."),
    (">2s", "<50ms", "100ms..2s"),
    values=VALUES,
    found=found,
    unsure=unsure,
)
def read(sign: str, value: str, quoted: bool) -> Test:
    try:
        range = ranges.read(ranges.with_unit(value.lower()), _ends)
    except Unreadable:
        raise Unreadable(_("Write a time such as >2s, <50ms or 100ms..2s.")) from None
    within = ranges.within(range)
    slow = range[0] is not None and range[0] >= SLOW
    return Test(lambda row: within(row.duration_us), ("duration_us",), drive=DRIVE if slow else None)
