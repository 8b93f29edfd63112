"""Forms of suites: the suite itself with its variables, and where saved calls go."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.projects.models import Project
from actionstudio.apps.replay import sending
from actionstudio.apps.replay.sealed_input import SealedInput
from actionstudio.apps.replay.suites import running
from actionstudio.apps.replay.suites.models import Suite
from actionstudio.apps.web.telling import told
from actionstudio.core import filling
from actionstudio.core.problem import Refused

MOST_MINUTES = 7 * 24 * 60
SWITCHES = ("on_save", "stop_first", "carry", "send_refused")
PLAIN = ("name", "description", "schedule", "daily_at", "concurrency", *SWITCHES)  # columns as the form has them


class SuiteForm(forms.Form):
    """Name, target, when it runs, how."""

    name = forms.CharField(label=lazy("Name"), max_length=120)
    description = forms.CharField(
        label=lazy("Description"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    target = forms.ChoiceField(label=lazy("Send to"))
    base = forms.CharField(
        label=lazy("Base URL"),
        required=False,
        max_length=2000,
        help_text=lazy("Of another server that has the same paths, such as https://staging.example.com/v1"),
    )
    schedule = forms.ChoiceField(
        label=lazy("Schedule"),
        choices=[
            ("off", lazy("None")),
            ("minutes", lazy("Every so many minutes")),
            ("hourly", lazy("Every hour")),
            ("daily", lazy("Every day")),
        ],
    )
    minutes = forms.IntegerField(label=lazy("Minutes"), required=False, min_value=1, max_value=MOST_MINUTES)
    daily_at = forms.TimeField(
        label=lazy("At (UTC)"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    concurrency = forms.IntegerField(
        label=lazy("At once"),
        min_value=1,
        max_value=running.MOST_AT_ONCE,
        help_text=lazy("How many calls may wait for an answer; with 1 they go one after another."),
    )
    on_save = forms.BooleanField(label=lazy("Run after every save of the project"), required=False)
    stop_first = forms.BooleanField(label=lazy("Stop at the first case that does not pass"), required=False)
    carry = forms.BooleanField(
        label=lazy("Carry new ids of an answer into later requests of its conversation"), required=False
    )
    send_refused = forms.BooleanField(
        label=lazy("Send also what ChatGPT would no longer send"),
        required=False,
        help_text=lazy(
            "For cases that expect an error on purpose. Their outcome still says that ChatGPT would refuse them."
        ),
    )

    def __init__(self, data=None, *, project: Project, suite: Suite | None = None, **kwargs):
        self.project, self.suite = project, suite
        super().__init__(data, initial=_initial(suite), **kwargs)
        numbers = project.revisions.values_list("number", flat=True)[:200]
        self.fields["target"].choices = [
            ("live", _("The live address")),
            *((f"revision:{number}", _("Version %(n)s") % {"n": number}) for number in numbers),
            ("upstream", _("The upstream")),
            ("base", _("Another server")),
        ]

    def clean_name(self):
        return " ".join(self.cleaned_data["name"].split())

    def clean(self):
        cleaned = super().clean()
        chosen = cleaned.get("target", "")
        text = cleaned.get("base", "").strip() if chosen == "base" else chosen
        if chosen == "base" and not text:
            self.add_error("base", _("Type the base URL to send to."))
        elif text and "target" not in self.errors:
            try:
                cleaned["to"] = str(sending.target(text, self.project))
            except Refused as refused:
                self.add_error("base" if chosen == "base" else "target", told(refused.problems[0].message))
        if cleaned.get("schedule") == "minutes" and not cleaned.get("minutes") and "minutes" not in self.errors:
            self.add_error("minutes", _("Type how many minutes lie between two runs."))
        if cleaned.get("schedule") == "daily" and not cleaned.get("daily_at") and "daily_at" not in self.errors:
            self.add_error("daily_at", _("Type the time of the day, such as 06:30."))
        return cleaned

    def fields_of(self) -> dict:
        """The columns of the suite that the form sets."""
        data = self.cleaned_data
        return {name: data[name] for name in PLAIN} | {"target": data["to"], "minutes": data["minutes"] or 30}


class VariableForm(forms.Form):
    """One variable. A secret's text goes in and is never shown again."""

    name = forms.CharField(label=lazy("Name"), max_length=60)
    value = forms.CharField(label=lazy("Value"), required=False, max_length=4000, strip=False)
    secret = forms.BooleanField(label=lazy("Secret"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["value"].widget.attrs["autocomplete"] = "off"
        if self.initial.get("secret"):
            self.fields["value"].widget = SealedInput(attrs={"autocomplete": "new-password"})
            set_ = self.initial.get("set")
            self.fields["value"].help_text = _("Kept. Type to replace it.") if set_ else _("Still to be given.")

    def clean(self):
        cleaned = super().clean()
        shown = self.initial.get("set") and self.initial.get("secret") and not cleaned.get("secret")
        if shown and not cleaned.get("value") and not cleaned.get("DELETE"):
            words = _("What a secret says is shown to nobody: type the value here, or leave it a secret.")
            self.add_error("value", words)
        return cleaned

    def clean_name(self):
        name = self.cleaned_data["name"].strip()
        if not filling.NAME.fullmatch(name):
            raise forms.ValidationError(_("Use letters, digits, _ or -, starting with a letter."))
        return name


VariableSet = forms.formset_factory(VariableForm, extra=2, max_num=102, can_delete=True)


def variables_of(formset) -> list[dict]:
    """What the rows say, without those taken away and those left empty."""
    rows = [form.cleaned_data for form in formset.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
    return [{name: row[name] for name in ("name", "value", "secret")} for row in rows if row.get("name")]


class AddForm(forms.Form):
    """Where saved calls go: a suite that is there, or a new one; and what of their answers does not count."""

    suite = forms.ChoiceField(label=lazy("Suite"), required=False)
    name = forms.CharField(label=lazy("Name of the new suite"), required=False, max_length=120)

    def __init__(self, data=None, *, project: Project, **kwargs):
        super().__init__(data, **kwargs)
        self.rows = {row.slug: row for row in project.suites.only("slug", "name")}
        self.fields["suite"].choices = [
            ("", _("A new one")),
            *((slug, row.name) for slug, row in self.rows.items()),
        ]

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("suite") and not cleaned.get("name", "").strip() and "suite" not in self.errors:
            self.add_error("name", _("Give the suite a name, such as “Orders”."))
        return cleaned


def _initial(suite: Suite | None) -> dict:
    if suite is None:
        return {"target": "live", "schedule": "off", "minutes": 30, "concurrency": 1, "carry": True}
    base = suite.target.startswith(("http://", "https://"))
    target = {"target": "base" if base else suite.target, "base": suite.target if base else ""}
    return {name: getattr(suite, name) for name in (*PLAIN, "minutes")} | target
