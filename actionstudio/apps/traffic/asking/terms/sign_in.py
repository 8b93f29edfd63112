"""sign-in: the calls of one sign-in: its legs, and those made with its tokens."""

from django.utils.translation import gettext_lazy

from actionstudio.apps.traffic.asking import named
from actionstudio.apps.traffic.asking.term import BY_SIGN_IN, Drive, Test, term


@term("sign-in", gettext_lazy("The sign-in that the call belongs to, by its key."), ("s5tr0q",))
def read(sign: str, value: str, quoted: bool) -> Test:
    drive = Drive(BY_SIGN_IN, "sign_in = %s AND NOT (sign_in = '')", (value,), covers=False)
    return named.exact("sign_in", value, drive)
