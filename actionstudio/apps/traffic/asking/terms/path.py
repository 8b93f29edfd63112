"""path: the path of the request, whole or with * for anything; path~ a part of it."""

import re
from urllib.parse import unquote

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actionstudio.apps.traffic.asking.term import Test, Unreadable, term


@term(
    "path",
    gettext_lazy("The path: whole after “:”, where * stands for anything; a part of it after “~”."),
    ("/orders/*", "~orders"),
    signs="~:",
)
def read(sign: str, value: str, quoted: bool) -> Test:
    if not value:
        raise Unreadable(_("Write a path such as /orders/7, or a part of one."))
    if sign == "~":
        needle = value.casefold()
        return Test(lambda row: any(needle in text.casefold() for text in (row.path, unquote(row.path))), ("path",))
    first, *parts = [re.escape(part) for part in re.split(r"\*+", value)]
    # A part between two stars stands where it first can, for good: else time grows with each star
    middle = "".join(f"(?>.*?{part})" for part in parts[:-1])
    pattern = re.compile(f"{first}{middle}.*{parts[-1]}" if parts else first, re.DOTALL)
    return Test(lambda row: any(pattern.fullmatch(text) for text in (row.path, unquote(row.path))), ("path",))
