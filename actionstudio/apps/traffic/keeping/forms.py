"""What the page of the log's data asks: how long and how much, whose bodies, and one row for each rule."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.library.kept import BYTES_MOST, CALLS_MOST, DAYS_MOST
from actionstudio.apps.projects.models import Project
from actionstudio.apps.web.telling import told
from actionstudio.core import hiding
from actionstudio.core.problem import Problem, Refused

MEGABYTE = 1_000_000
KINDS = [
    ("", lazy("no rule")),
    ("name", lazy("Name of a header, field or key")),
    ("path", lazy("Path into a JSON body")),
    ("pattern", lazy("Pattern (RE2)")),
    ("email", lazy("E-mail addresses")),
    ("phone", lazy("Telephone numbers")),
    ("card", lazy("Card numbers")),
    ("iban", lazy("IBANs")),
]
WHERE = [
    ("everywhere", lazy("everywhere")),
    ("request", lazy("requests")),
    ("response", lazy("answers")),
    ("headers", lazy("headers")),
    ("query", lazy("path and query")),
]
EMPTY_ROWS = 2


class KeepingForm(forms.Form):
    """Bounds of the log, and whose bodies it keeps."""

    keep_days = forms.IntegerField(
        label=lazy("Days"), required=False, min_value=0, max_value=DAYS_MOST, help_text=lazy("0 keeps calls for ever.")
    )
    keep_calls = forms.IntegerField(
        label=lazy("Most requests"), required=False, min_value=1, max_value=CALLS_MOST,
        help_text=lazy("The oldest go first. Nothing: as many as come."),
    )  # fmt: skip
    megabytes = forms.IntegerField(
        label=lazy("Most megabytes"), required=False, min_value=1, max_value=BYTES_MOST // MEGABYTE,
        help_text=lazy("Bodies, headers and their place in the database, about."),
    )  # fmt: skip
    keep_bodies = forms.BooleanField(
        label=lazy("Keep the bodies of requests and answers"), required=False,
        help_text=lazy("Without them the log has path, status, headers and times: calls cannot be compared by it."),
    )  # fmt: skip
    bodyless = forms.CharField(
        label=lazy("Operations whose bodies are never kept"), required=False, max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "mono", "placeholder": "createPatient"}),
        help_text=lazy("Operation ids, one a line."),
    )  # fmt: skip

    def __init__(self, data=None, *, project: Project) -> None:
        size = project.keep_bytes
        super().__init__(
            data,
            initial={
                "keep_days": project.keep_days,
                "keep_calls": project.keep_calls,
                "megabytes": None if size is None else max(1, size // MEGABYTE),
                "keep_bodies": project.keep_bodies,
                "bodyless": "\n".join(project.bodyless),
            },
        )
        self.project = project

    def clean_bodyless(self) -> list[str]:
        names = [line.strip() for line in self.cleaned_data["bodyless"].splitlines()]
        names = [*dict.fromkeys(name for name in names if name)]
        known = set(self.project.operations.values_list("operation_id", flat=True)) | {*self.project.bodyless}
        if strange := next((name for name in names if name not in known), None):
            raise forms.ValidationError(_("This project has no operation “%(name)s”.") % {"name": strange[:80]})
        return names

    def values(self) -> dict[str, Any]:
        """As changing.keep takes them."""
        told = dict(self.cleaned_data)
        size = told.pop("megabytes")
        return {**told, "keep_bytes": None if size is None else size * MEGABYTE}


class RuleForm(forms.Form):
    """One rule; without a kind it is none."""

    kind = forms.ChoiceField(label=lazy("What"), choices=KINDS, required=False)
    text = forms.CharField(
        label=lazy("Name, path or pattern"), required=False, max_length=500,
        widget=forms.TextInput(attrs={"class": "mono", "placeholder": "$.customer.email", "autocomplete": "off"}),
    )  # fmt: skip
    where = forms.ChoiceField(label=lazy("Where"), choices=WHERE, required=False)

    def clean(self):
        kind = self.cleaned_data.get("kind")
        if not kind:
            if self.cleaned_data.get("text"):
                self.add_error("kind", _("Choose what this is, or empty the row."))
            return
        found = hiding.read({**self.cleaned_data, "where": self.cleaned_data.get("where") or "everywhere"})
        if isinstance(found, Problem):
            self.add_error(found.pointer.strip("/") or None, told(found.message))
        else:
            self.cleaned_data["rule"] = found

    def add_problems(self, refused: Refused) -> None:
        """Shows what a deed refused."""
        for problem in refused.problems:
            self.add_error(None, told(problem.message))


class RulesFormSet(forms.BaseFormSet):
    """All rules of a project and some empty rows."""

    @classmethod
    def of(cls, rules, data=None) -> RulesFormSet:
        initial = [{"kind": rule.kind, "text": rule.text, "where": rule.where} for rule in rules]
        return _factory(data, initial=initial, prefix="rule")

    def value(self) -> list[hiding.Rule]:
        """The rules, each once."""
        return [*dict.fromkeys(form.cleaned_data["rule"] for form in self.forms if "rule" in form.cleaned_data)]


_factory = forms.formset_factory(
    RuleForm,
    RulesFormSet,
    extra=EMPTY_ROWS,
    max_num=hiding.MOST,
    absolute_max=hiding.MOST + EMPTY_ROWS,
    validate_max=True,
)
