"""is: what kind of call it was, in a word."""

from collections.abc import Callable
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actionstudio.apps.traffic.asking.term import Test, Unreadable, facet, term
from actionstudio.apps.traffic.asking.terms import operation, took, violation
from actionstudio.apps.traffic.models import KIND_NAMES, MET_NONE, SLOW, SOURCE_NAMES, met_none


def _failed() -> Test:
    return Test(lambda row: row.status >= 400, ("status",), ("status >= %s", (400,)))


def _slow() -> Test:
    return Test(lambda row: row.duration_us >= SLOW, ("duration_us",), drive=replace(took.DRIVE, whole=True))


def _flawed(side: str) -> Callable[[], Test]:
    def made() -> Test:
        return violation.read(":", side, False)

    return made


def _cut() -> Test:
    """The log kept only the beginning of a body."""
    return Test(lambda row: row.cut != 0, ("cut",))


def _unknown() -> Test:
    return Test(met_none, MET_NONE, drive=replace(operation.drive(""), whole=False))


def _facet(column: str, value: str, letter: str) -> Callable[[], Test]:
    return lambda: facet(column, value, facet=(letter, value))


WORDS: dict[str, tuple[object, Callable[[], Test]]] = {
    "failed": (gettext_lazy("answered with an error"), _failed),
    "slow": (gettext_lazy("took a second or more"), _slow),
    "violating": (gettext_lazy("the request does not fit the contract"), _flawed("request")),
    "flawed": (gettext_lazy("request or answer does not fit the contract"), _flawed("any")),
    "unknown": (gettext_lazy("no endpoint has this path or method"), _unknown),
    "cut": (gettext_lazy("a body is too long to be kept whole"), _cut),
    **{name: (label, _facet("source", name, "r")) for name, label in SOURCE_NAMES.items()},
    **{name: (label, _facet("kind", name, "k")) for name, label in KIND_NAMES.items()},
}


@term(
    "is",
    gettext_lazy("What kind of call it was."),
    ("failed", "replay", "slow"),
    values=tuple((name, label) for name, (label, _made) in WORDS.items()),
)
def read(sign: str, value: str, quoted: bool) -> Test:
    if value.lower() not in WORDS:
        raise Unreadable(_("Write one of %(values)s.") % {"values": ", ".join(WORDS)})
    return WORDS[value.lower()][1]()
