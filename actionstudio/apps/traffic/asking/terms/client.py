"""client: where the call came from."""

from django.utils.translation import gettext_lazy

from actionstudio.apps.traffic.asking import named
from actionstudio.apps.traffic.asking.term import Test, term


@term(
    "client", gettext_lazy("Where the call came from, by IP address."), ("203.0.113.7",), found=named.recent("client")
)
def read(sign: str, value: str, quoted: bool) -> Test:
    return named.exact("client", value)
