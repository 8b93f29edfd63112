"""header: a header of the request or the answer, with a value; header~ a part of any of them."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import orjson
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actionstudio.apps.traffic.asking.term import Test, Unreadable, term
from actionstudio.apps.traffic.masking import is_masked
from actionstudio.apps.traffic.models import Exchange

COLUMNS = ("request_headers", "response_headers")
LATEST = 200  # calls that are looked at for names and values
MOST = 20
LONGEST = 200  # characters of a value that is offered


def found(project: Any, beginning: str) -> Iterable[tuple[str, str]]:
    """The names of headers on the project's latest calls, and behind "=" the values of one: what most have first. What
    the log hides of a value is no value."""
    begins = beginning.casefold()
    rows = Exchange.objects.filter(project_id=project.pk).order_by("-id").values_list(*COLUMNS)[:LATEST]
    met: Counter[str] = Counter()
    for row in rows:
        texts = {f"{name}={value}" if "=" in begins else f"{name}=": value for name, value in _pairs(*row)}
        met.update(one for one, value in texts.items() if one.casefold().startswith(begins) and _shows(one, value))
    of_all = _("in %(n)s of the latest %(all)s calls")
    return [(one, of_all % {"n": n, "all": len(rows)}) for one, n in met.most_common(MOST)]


@term(
    "header",
    gettext_lazy("A header of the request or the answer: its name, or name=value; after “~” a part of any."),
    ("x-request-id", "accept=json", "~json"),
    signs=":~",
    found=found,
    inner="=",
)
def read(sign: str, value: str, quoted: bool) -> Test:
    if not value.strip("="):
        raise Unreadable(_("Write a header's name, or name=value."))
    if sign == "~":
        needle = value.casefold()
        return Test(lambda row: any(needle in line for line in _lines(row)), COLUMNS)
    name, _equals, part = (side.strip().casefold() for side in value.partition("="))
    if not name:
        raise Unreadable(_("Write a header's name, or name=value."))
    return Test(lambda row: any(_is(line, name, part) for line in _lines(row)), COLUMNS)


def _pairs(*sides: str | bytes) -> Iterator[tuple[str, str]]:
    for side in sides:
        for name, value in orjson.loads(side):
            yield name.casefold(), value


def _shows(text: str, value: str) -> bool:
    return text.endswith("=") or (len(text) <= LONGEST and not is_masked(value))


def _lines(row) -> list[str]:
    return [f"{name}: {value.casefold()}" for name, value in _pairs(row.request_headers, row.response_headers)]


def _is(line: str, name: str, part: str) -> bool:
    return line.startswith(f"{name}: ") and part in line[len(name) + 2 :]
