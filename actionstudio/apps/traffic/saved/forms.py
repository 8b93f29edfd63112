"""A saved view as a form."""

from django import forms
from django.utils.translation import gettext_lazy as _

from actionstudio.apps.traffic.saved.models import SavedView


class ViewForm(forms.Form):
    """What keeping.keep and keeping.change take; they say what is wrong with it."""

    use_required_attribute = False

    name = forms.CharField(label=_("Name"), required=False, strip=False)
    q = forms.CharField(
        label=_("Question"),
        required=False,
        strip=False,
        widget=forms.TextInput({"class": "mono", "spellcheck": "false", "autocapitalize": "off"}),
    )
    shared = forms.BooleanField(label=_("For all who see this project"), required=False)
    first = forms.BooleanField(label=_("Open Requests with it"), required=False)

    @classmethod
    def of(cls, row: SavedView) -> "ViewForm":
        """Filled in with a row."""
        return cls(initial={name: getattr(row, name) for name in cls.base_fields})

    def refuse(self, refused) -> None:
        """Shows each problem beside its field."""
        for one in refused.problems:
            self.add_error(one.pointer.strip("/") or None, one.message)
