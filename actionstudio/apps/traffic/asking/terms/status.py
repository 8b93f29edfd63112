"""status: the answer's status, a class of them or a range."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actionstudio.apps.traffic.asking import ranges
from actionstudio.apps.traffic.asking.term import BY_CLASS, Drive, Test, Unreadable, term

VALUES = (
    ("4xx", gettext_lazy("errors of the caller")),
    ("5xx", gettext_lazy("errors of the server")),
    (">=400", gettext_lazy("all errors")),
    ("2xx", gettext_lazy("answered well")),
    ("404", gettext_lazy("not found")),
    ("none", gettext_lazy("callbacks that nobody answered")),
)


@term("status", gettext_lazy("The status of the answer."), ("404", "4xx", ">=400", "400..499"), values=VALUES)
def read(sign: str, value: str, quoted: bool) -> Test:
    try:
        range = (0, 1) if value.lower() == "none" else ranges.read(value.lower(), _ends)
    except Unreadable:
        raise Unreadable(_("Write a status such as 404, a class such as 4xx, or a range such as >=400.")) from None
    within = ranges.within(range)
    return Test(
        lambda row: within(row.status), ("status",), ranges.sql("status", range), _drive(range), facet=_facet(range)
    )


def _ends(text: str) -> tuple[int, int]:
    if found := re.fullmatch(r"([1-5])(?:xx)?", text):
        return int(found[1]) * 100, int(found[1]) * 100 + 100
    if re.fullmatch(r"[1-9][0-9]{2}", text):
        return int(text), int(text) + 1
    raise Unreadable


def _drive(range: ranges.Range) -> Drive | None:
    """The index by class, when one class holds the whole range."""
    since, until = range
    if since is None or until is None or since // 100 != (until - 1) // 100:
        return None
    return Drive(BY_CLASS, "(status / 100) = %s", (since // 100,), whole=until - since == 100)


def _facet(range: ranges.Range) -> tuple[str, str] | None:
    since, until = range
    if since is None or until is None:
        return None
    if until - since == 1:
        return "s", str(since)
    return ("c", str(since // 100)) if until - since == 100 and since % 100 == 0 else None
