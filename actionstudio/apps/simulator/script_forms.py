"""The form of a script: when it is to happen, and what is to be done then."""

from django import forms
from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.simulator import scripting
from actionstudio.apps.simulator.models import Script
from actionstudio.apps.web.telling import told
from actionstudio.core.scripted import scripts

WHENS = (
    ("contains", lazy("What is said contains")),
    ("exact", lazy("What is said is exactly")),
    ("regex", lazy("What is said fits the expression")),
    ("turn", lazy("It is the user's sentence number")),
)
THENS = (
    ("call", lazy("Call an operation")),
    ("say", lazy("Say a text")),
    ("fail", lazy("Fail, as a model's server does")),
)


class ScriptForm(forms.Form):
    """Fills in a Script; what cannot be is told beside its field."""

    name = forms.CharField(label=lazy("Name"), required=False, max_length=80)
    when = forms.ChoiceField(label=lazy("When"), choices=WHENS)
    pattern = forms.CharField(
        label=lazy("Words, expression or number"),
        required=False,
        max_length=500,
        help_text=lazy("Upper and lower case are alike. Groups of an expression are {{1}}, {{2}} or {{name}} below."),
    )
    then = forms.ChoiceField(label=lazy("Then"), choices=THENS)
    operation = forms.CharField(
        label=lazy("Operation"), required=False, max_length=200, help_text=lazy("Its operationId, for a call")
    )
    arguments = forms.CharField(
        label=lazy("Arguments"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4, "class": "mono"}),
        help_text=lazy('One JSON object, such as {"username": "{{1}}"}'),
    )
    text = forms.CharField(
        label=lazy("Text"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=lazy(
            "What is said; after a call its answer is {{answer}} or {{answer.field}}. Empty: told by rules."
        ),
    )
    enabled = forms.BooleanField(label=lazy("In use"), required=False)

    def __init__(self, data=None, *, script: Script, **kwargs):
        self.script = script
        names = (*scripting.FIELDS, "enabled")
        super().__init__(data, initial={name: getattr(script, name) for name in names}, **kwargs)
        self.fields["operation"].widget.attrs["list"] = "operations"

    def clean(self):
        cleaned = super().clean()
        if self.errors:
            return cleaned
        for name in (*scripting.FIELDS, "enabled"):
            given = cleaned[name]
            setattr(self.script, name, given if name in ("text", "enabled") else given.strip())
        for problem in scripts.problems(scripting.value(self.script)):
            self.add_error(problem.pointer.strip("/") or None, told(problem.message))
        return cleaned
