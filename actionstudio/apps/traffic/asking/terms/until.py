"""until: before a moment; of a day, to its end."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actionstudio.apps.traffic.asking import times
from actionstudio.apps.traffic.asking.term import Test, Unreadable, term
from actionstudio.apps.traffic.asking.terms.since import span
from actionstudio.apps.traffic.models import SHIFT

VALUES = (("1h", gettext_lazy("up to an hour ago")), ("yesterday", gettext_lazy("up to the end of yesterday")))


@term(
    "until",
    gettext_lazy("Up to then: so long ago, the end of a date, or a time."),
    ("1h", "2026-11-21", "2026-11-21T14:00"),
    values=VALUES,
)
def read(sign: str, value: str, quoted: bool) -> Test:
    try:
        return span(0, times.read(value, end=True) << SHIFT)
    except Unreadable:
        raise Unreadable(_("Write how long ago (2h, 3d), a date (2026-11-21), a time, or today.")) from None
