"""request: words in the body of the request."""

from django.utils.translation import gettext_lazy

from actionstudio.apps.traffic.asking import wordy
from actionstudio.apps.traffic.asking.term import Test, term


@term(
    "request",
    gettext_lazy("Words in the request's body."),
    ("~refund", '~"card declined"'),
    signs="~:",
)
def read(sign: str, value: str, quoted: bool) -> Test:
    return wordy.bodies(value, quoted, ("request",))
