"""violation: where the request or the answer did not fit the contract, or what was said of it."""

from dataclasses import replace
from typing import Any

import orjson
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actionstudio.apps.traffic.asking.term import BY_FLAW, Drive, Test, Unreadable, term

PLACES = ("body", "query", "path", "header")
VALUES = (
    ("any", gettext_lazy("anything that does not fit the contract")),
    ("request", gettext_lazy("in the request")),
    ("response", gettext_lazy("in the answer")),
    ("body", gettext_lazy("in the request's body")),
    ("query", gettext_lazy("in a query parameter")),
    ("path", gettext_lazy("in a path parameter")),
    ("header", gettext_lazy("in a header")),
)
DRIVE = Drive(BY_FLAW, "NOT (violations = '[]')", whole=False, covers=False)


@term(
    "violation",
    gettext_lazy("Where a call did not fit the contract, or a part of what was said of it."),
    ("any", "body", '"is a required property"'),
    values=VALUES,
)
def read(sign: str, value: str, quoted: bool) -> Test:
    if not value.strip():
        raise Unreadable(_("Write body, query, path, header, response, any, or a part of the message."))
    wanted = value.casefold()
    drive = replace(DRIVE, whole=wanted == "any" and not quoted)
    return Test(lambda row: holds(row.violations, wanted, quoted), ("violations",), drive=drive)


def holds(violations: str, wanted: str, quoted: bool = False) -> bool:
    """Whether a row's violations hold one of that place, or with that text."""
    if violations == "[]":
        return False
    found = [item for item in orjson.loads(violations) if isinstance(item, dict)]
    return any(_is(item, wanted, quoted) for item in found)


def _is(item: dict[str, Any], wanted: str, quoted: bool) -> bool:
    side = item.get("side", "request")
    steps = [str(step) for step in item.get("location") or ()]
    if not quoted:
        if wanted == "any":
            return True
        if wanted in ("request", "response"):
            return (side == "response") == (wanted == "response")
        if wanted in PLACES:
            return side != "response" and steps[:1] == [wanted]
    text = "\n".join((".".join(steps), str(item.get("message", "")), str(item.get("code", ""))))
    return wanted in text.casefold()
