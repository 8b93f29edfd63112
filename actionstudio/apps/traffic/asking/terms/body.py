"""body: words in a body."""

from django.utils.translation import gettext_lazy

from actionstudio.apps.traffic.asking import wordy
from actionstudio.apps.traffic.asking.term import Test, term


@term(
    "body",
    gettext_lazy("Words in the request's body or the answer's: in quotes exactly these, else also longer ones."),
    ("~refund", '~"card declined"'),
    signs="~:",
)
def read(sign: str, value: str, quoted: bool) -> Test:
    return wordy.bodies(value, quoted, ("request", "response"))
