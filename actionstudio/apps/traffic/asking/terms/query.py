"""query: a part of the query string."""

from urllib.parse import unquote_plus

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actionstudio.apps.traffic.asking.term import Test, Unreadable, term


@term("query", gettext_lazy("A part of the query string."), ("~page=2",), signs="~:")
def read(sign: str, value: str, quoted: bool) -> Test:
    if not value:
        raise Unreadable(_("Write a part of a query string, such as page=2."))
    needle = value.casefold()
    return Test(lambda row: any(needle in text.casefold() for text in (row.query, unquote_plus(row.query))), ("query",))
