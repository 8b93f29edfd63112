"""revision: the version of the definition that answered."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actionstudio.apps.traffic.asking import ranges
from actionstudio.apps.traffic.asking.term import Test, Unreadable, term


@term("revision", gettext_lazy("The version that answered."), ("12", ">=12"))
def read(sign: str, value: str, quoted: bool) -> Test:
    try:
        within = ranges.within(ranges.read(value.lower().removeprefix("v"), ranges.whole))
    except Unreadable:
        raise Unreadable(_("Write a version's number such as 12, or a range such as >=12.")) from None
    return Test(lambda row: within(row.revision), ("revision",))
