"""conversation: a ChatGPT conversation."""

from django.utils.translation import gettext_lazy

from actionstudio.apps.traffic.asking import named
from actionstudio.apps.traffic.asking.term import BY_CONVERSATION, Drive, Test, term


@term(
    "conversation",
    gettext_lazy("The conversation in ChatGPT that the call belongs to."),
    ("67f1-8a2c",),
    found=named.recent("conversation_id"),
)
def read(sign: str, value: str, quoted: bool) -> Test:
    where = "conversation_id = %s AND NOT (conversation_id = '')"
    return named.exact("conversation_id", value, Drive(BY_CONVERSATION, where, (value,)), facet=("n", value))
