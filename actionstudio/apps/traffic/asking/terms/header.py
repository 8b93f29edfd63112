"""header: a header of the request or the answer, with a value; header~ a part of any of them."""

import orjson
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actionstudio.apps.traffic.asking.term import Test, Unreadable, term

COLUMNS = ("request_headers", "response_headers")


@term(
    "header",
    gettext_lazy("A header of the request or the answer: its name, or name=value; after “~” a part of any."),
    ("x-request-id", "accept=json", "~json"),
    signs=":~",
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


def _lines(row) -> list[str]:
    pairs = [*orjson.loads(row.request_headers), *orjson.loads(row.response_headers)]
    return [f"{name}: {value}".casefold() for name, value in pairs]


def _is(line: str, name: str, part: str) -> bool:
    return line.startswith(f"{name}: ") and part in line[len(name) + 2 :]
