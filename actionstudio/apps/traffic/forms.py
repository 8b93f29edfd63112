"""The filters behind the Filters button."""

from django import forms
from django.utils.translation import gettext_lazy as _

from actionstudio.apps.traffic.asking import splitting
from actionstudio.apps.traffic.models import KIND_NAMES, SOURCE_NAMES

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE")


class FilterForm(forms.Form):
    """The commonest terms of the filter language as fields, filled in with what ``q`` says."""

    use_required_attribute = False

    status = forms.CharField(label=_("Status"), required=False, widget=forms.TextInput({"placeholder": "4xx"}))
    method = forms.ChoiceField(label=_("Method"), required=False)
    op = forms.ChoiceField(label=_("Endpoint"), required=False)
    source = forms.ChoiceField(label=_("Source"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    since = forms.CharField(label=_("From"), required=False, widget=forms.TextInput({"placeholder": "2h"}))
    until = forms.CharField(label=_("Before"), required=False, widget=forms.TextInput({"placeholder": "15m"}))

    def __init__(self, q: str, operations):
        said = {word.name: word.value for word in splitting.split(q) if not word.negated}
        super().__init__(initial={name: said.get(name, "") for name in self.base_fields}, prefix=None)
        names = {
            "method": [(name, name) for name in METHODS],
            "op": [(name, name) for name in operations],
            "source": list(SOURCE_NAMES.items()),
            "kind": list(KIND_NAMES.items()),
        }
        for field, choices in names.items():
            value = self.initial[field]
            known = not value or value in dict(choices)
            self.fields[field].choices = [("", _("Any")), *choices, *([] if known else [(value, value)])]

    def add_prefix(self, field_name):
        return {"since": "from", "until": "to"}.get(field_name, field_name)
