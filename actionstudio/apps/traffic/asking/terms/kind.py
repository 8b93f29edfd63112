"""kind: what the call met."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actionstudio.apps.traffic.asking.term import Test, Unreadable, facet, term
from actionstudio.apps.traffic.models import KIND_NAMES


@term("kind", gettext_lazy("What the call met."), ("refused",), values=tuple(KIND_NAMES.items()))
def read(sign: str, value: str, quoted: bool) -> Test:
    if value.lower() not in KIND_NAMES:
        raise Unreadable(_("Write one of %(values)s.") % {"values": ", ".join(KIND_NAMES)})
    return facet("kind", value.lower(), facet=("k", value.lower()))
