"""auth: how the credential was judged."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actionstudio.apps.traffic.asking.term import Test, Unreadable, equal, term
from actionstudio.runtime.verdict import REFUSED

VALUES = (
    ("failed", gettext_lazy("any that did not let the call in")),
    ("ok", gettext_lazy("accepted")),
    ("missing", gettext_lazy("none was sent")),
    ("wrong", gettext_lazy("not one of this project's")),
    ("expired", gettext_lazy("the token had expired")),
    ("revoked", gettext_lazy("revoked before the call")),
    ("scope", gettext_lazy("the token lacks a scope")),
    ("open", gettext_lazy("none was asked for")),
    ("none", gettext_lazy("not looked at")),
)


@term("auth", gettext_lazy("How the credential was judged."), ("missing", "failed"), values=VALUES)
def read(sign: str, value: str, quoted: bool) -> Test:
    value = value.lower()
    if value == "failed":
        return Test(lambda row: row.auth in REFUSED, ("auth",))
    if value not in dict(VALUES):
        raise Unreadable(_("Write one of %(values)s.") % {"values": ", ".join(dict(VALUES))})
    return equal("auth", value)
