"""response: words in the body of the answer."""

from django.utils.translation import gettext_lazy

from actionstudio.apps.traffic.asking import wordy
from actionstudio.apps.traffic.asking.term import Test, term


@term(
    "response",
    gettext_lazy("Words in the answer's body."),
    ("~declined", '~"card declined"'),
    signs="~:",
)
def read(sign: str, value: str, quoted: bool) -> Test:
    return wordy.bodies(value, quoted, ("response",))
