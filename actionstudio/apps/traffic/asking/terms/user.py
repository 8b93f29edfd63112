"""user: an end user, as ChatGPT or a sign-in names them."""

from django.utils.translation import gettext_lazy

from actionstudio.apps.traffic.asking import named
from actionstudio.apps.traffic.asking.term import BY_USER, Drive, Test, term


@term(
    "user",
    gettext_lazy("The end user, as ChatGPT names them."),
    ("user-7Qd1",),
    found=named.recent("user_id"),
)
def read(sign: str, value: str, quoted: bool) -> Test:
    where = "user_id = %s AND NOT (user_id = '')"
    return named.exact("user_id", value, Drive(BY_USER, where, (value,)), facet=("u", value))
