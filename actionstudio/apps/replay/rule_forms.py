"""The form of a rule: what does not count, where, in which calls."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.design import newest
from actionstudio.apps.replay import ignoring
from actionstudio.apps.replay.suites.models import IgnoreRule
from actionstudio.apps.web.telling import told
from actionstudio.core.judging import KINDS

NOISE = (IgnoreRule.What.NOISE_OFF, IgnoreRule.What.NOISE_ON)
WHATS = (
    ("ignore", lazy("This place does not count")),
    ("unordered", lazy("The order of this list does not count")),
    ("tolerance", lazy("Numbers may be this far apart")),
    ("noise-off", lazy("This kind of noise counts after all")),
    ("noise-on", lazy("This kind of noise does not count")),
)


class RuleForm(forms.Form):
    """Fills in an IgnoreRule; what cannot be is told beside its field."""

    what = forms.ChoiceField(label=lazy("What"), choices=WHATS)
    at = forms.CharField(
        label=lazy("Place of the answer"),
        required=False,
        max_length=300,
        help_text=lazy("$.items[*].at with all below it, header:etag, or status"),
    )
    size = forms.FloatField(label=lazy("How far apart"), required=False, help_text=lazy("As it is or as a share: 0.01"))
    kind = forms.ChoiceField(label=lazy("Kind of noise"), required=False)
    operation_id = forms.ChoiceField(label=lazy("Endpoint"), required=False)
    path = forms.CharField(
        label=lazy("Paths of calls"),
        required=False,
        max_length=500,
        help_text=lazy("/orders/* is one part there, /orders/** all that lies below"),
    )
    note = forms.CharField(label=lazy("Note"), required=False, max_length=300)

    def __init__(self, data=None, *, project, rule: IgnoreRule, **kwargs):
        self.rule = rule
        super().__init__(data, initial=_initial(rule), **kwargs)
        self.fields["kind"].choices = [("", "–"), *((code, told(one.title)) for code, one in KINDS.items())]
        names = [one.operation_id for one in newest.contract(project).operations if one.operation_id]
        if rule.operation_id and rule.operation_id not in names:
            names.append(rule.operation_id)
        self.fields["operation_id"].choices = [("", _("All of them")), *((name, name) for name in names)]

    def clean(self):
        cleaned = super().clean()
        if self.errors:
            return cleaned
        noise = cleaned["what"] in NOISE
        self.rule.what, self.rule.size = cleaned["what"], cleaned["size"]
        self.rule.at = cleaned["kind"] if noise else cleaned["at"].strip()
        for name in ("operation_id", "path", "note"):
            setattr(self.rule, name, cleaned[name].strip())
        for problem in ignoring.problems(self.rule):
            self.add_error(problem.pointer.strip("/") or None, told(problem.message))
        return cleaned


def _initial(rule: IgnoreRule) -> dict:
    names = ("what", "size", "operation_id", "path", "note")
    place = {"kind": rule.at} if rule.what in NOISE else {"at": rule.at}
    return {name: getattr(rule, name) for name in names} | place
