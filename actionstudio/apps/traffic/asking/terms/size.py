"""size: how large the body of the answer was."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actionstudio.apps.traffic.asking import ranges
from actionstudio.apps.traffic.asking.term import Test, Unreadable, term

UNITS = {"kb": 1_000, "k": 1_000, "mb": 1_000_000, "m": 1_000_000, "b": 1}
_ends = ranges.measured(UNITS, "b")


@term("size", gettext_lazy("The size of the answer's body."), (">100kB", "<1MB"))
def read(sign: str, value: str, quoted: bool) -> Test:
    try:
        within = ranges.within(ranges.read(ranges.with_unit(value.lower()), _ends))
    except Unreadable:
        raise Unreadable(_("Write a size such as >100kB or <1MB.")) from None
    return Test(lambda row: within(row.response_size), ("response_size",))
