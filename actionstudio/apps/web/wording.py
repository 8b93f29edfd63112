"""What forms say of a text that is too long and of a number that is out of bounds, in the studio's words."""

from django import forms
from django.utils.translation import gettext_lazy as lazy

_WORDS = {
    "max_length": lazy("Use at most %(limit_value)d characters; these are %(show_value)d."),
    "min_value": lazy("Use a number from %(limit_value)s on."),
    "max_value": lazy("Use a number up to %(limit_value)s."),
}
_WHOLE = lazy("Use a whole number from %(least)s to %(most)s.")
_WITHIN = lazy("Use a number from %(least)s to %(most)s.")


class WordsMixin:
    """A form in whose fields these words stand, where a field has none of its own."""

    fields: dict[str, forms.Field]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            for code, words in {**_WORDS, **_bounds(field)}.items():
                field.error_messages.setdefault(code, words)


def _bounds(field: forms.Field) -> dict[str, str]:
    least, most = getattr(field, "min_value", None), getattr(field, "max_value", None)
    if least is None or most is None:
        return {}
    words = _WITHIN if isinstance(field, forms.FloatField | forms.DecimalField) else _WHOLE
    return dict.fromkeys(("min_value", "max_value"), words % {"least": least, "most": most})
