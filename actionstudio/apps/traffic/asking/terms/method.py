"""method: GET, POST and the others."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actionstudio.apps.traffic.asking.term import Test, Unreadable, facet, term

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE")


@term(
    "method",
    gettext_lazy("The method of the request."),
    ("POST",),
    values=tuple((name, "") for name in METHODS),
)
def read(sign: str, value: str, quoted: bool) -> Test:
    if not re.fullmatch(r"[A-Za-z-]{1,16}", value):
        raise Unreadable(_("Write a method such as GET or POST."))
    return facet("method", value.upper())
