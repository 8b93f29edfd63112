"""source: who called."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actionstudio.apps.traffic.asking.term import Test, Unreadable, facet, term
from actionstudio.apps.traffic.models import SOURCE_NAMES


@term("source", gettext_lazy("Who called."), ("gpt",), values=tuple(SOURCE_NAMES.items()))
def read(sign: str, value: str, quoted: bool) -> Test:
    if value.lower() not in SOURCE_NAMES:
        raise Unreadable(_("Write one of %(values)s.") % {"values": ", ".join(SOURCE_NAMES)})
    return facet("source", value.lower(), facet=("r", value.lower()))
