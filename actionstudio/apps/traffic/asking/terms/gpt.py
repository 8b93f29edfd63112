"""gpt: the GPT that called."""

from django.utils.translation import gettext_lazy

from actionstudio.apps.traffic.asking import named
from actionstudio.apps.traffic.asking.term import Test, term


@term("gpt", gettext_lazy("The GPT that called, by its id."), ("g-2fkFE8rbu",), found=named.recent("gpt_id"))
def read(sign: str, value: str, quoted: bool) -> Test:
    return named.exact("gpt_id", value)
