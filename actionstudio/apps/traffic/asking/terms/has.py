"""has: what a call has at all."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actionstudio.apps.traffic.asking.term import Test, Unreadable, term
from actionstudio.apps.traffic.asking.terms import violation

COLUMNS = {
    "query": ("query", gettext_lazy("a query string")),
    "body": ("request_size", gettext_lazy("a body in the request")),
    "answer": ("response_size", gettext_lazy("a body in the answer")),
    "operation": ("operation_id", gettext_lazy("an endpoint that answered")),
    "conversation": ("conversation_id", gettext_lazy("a conversation in ChatGPT")),
    "user": ("user_id", gettext_lazy("an end user")),
    "gpt": ("gpt_id", gettext_lazy("a GPT")),
    "key": ("key_id", gettext_lazy("an API key or a token")),
    "sign-in": ("sign_in", gettext_lazy("a sign-in")),
}
VALUES = (
    *((name, label) for name, (_column, label) in COLUMNS.items()),
    ("violation", gettext_lazy("something that does not fit the contract")),
)


@term("has", gettext_lazy("What a call has at all."), ("body", "user"), values=VALUES)
def read(sign: str, value: str, quoted: bool) -> Test:
    value = value.lower()
    if value == "violation":
        return violation.read(":", "any", False)
    if value not in COLUMNS:
        raise Unreadable(_("Write one of %(values)s.") % {"values": ", ".join(dict(VALUES))})
    column = COLUMNS[value][0]
    return Test(lambda row: bool(getattr(row, column)), (column,))
