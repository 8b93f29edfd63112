"""The filters behind the Filters button."""

from django import forms
from django.utils.translation import gettext_lazy as _

from actionstudio.apps.traffic.models import KIND_NAMES, SOURCE_NAMES

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE")


class FilterForm(forms.Form):
    """What the URL can say besides the search text and the status chips."""

    use_required_attribute = False

    status = forms.CharField(label=_("Status"), required=False, widget=forms.TextInput({"placeholder": "4xx, 404"}))
    method = forms.ChoiceField(label=_("Method"), required=False)
    op = forms.ChoiceField(label=_("Endpoint"), required=False)
    source = forms.ChoiceField(label=_("Source"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    since = forms.CharField(label=_("From"), required=False)
    until = forms.CharField(label=_("Before"), required=False)

    def __init__(self, filter, operations):
        super().__init__(initial=_initial(filter), prefix=None)
        any_ = ("", _("Any"))
        self.fields["method"].choices = [any_, *((name, name) for name in METHODS)]
        names = [*operations, *([filter.op] if filter.op and filter.op not in operations else ())]
        self.fields["op"].choices = [any_, *((name, name) for name in names)]
        self.fields["source"].choices = [any_, *((key, SOURCE_NAMES[key]) for key in SOURCE_NAMES)]
        self.fields["kind"].choices = [any_, *((key, KIND_NAMES[key]) for key in KIND_NAMES)]

    def add_prefix(self, field_name):
        return {"since": "from", "until": "to"}.get(field_name, field_name)


def _initial(filter) -> dict:
    params = filter.params()
    return {**params, "since": params.get("from", ""), "until": params.get("to", "")}
