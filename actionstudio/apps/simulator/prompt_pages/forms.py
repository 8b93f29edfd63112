"""Forms of prompt suites: the suite itself, how a run is to be, and where promoted calls go."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.projects.models import Project
from actionstudio.apps.simulator.models import PromptSuite
from actionstudio.apps.simulator.models.prompts import SCRIPTED
from actionstudio.apps.simulator.prompts import choosing, keeping
from actionstudio.apps.simulator.prompts.starting import Wish
from actionstudio.apps.web.telling import told
from actionstudio.core.problem import Refused

REVISIONS = 100  # that a run's form offers
NUMBERS = ("repeat", "concurrency", "rate", "temperature", "seed")
MODES = (
    (PromptSuite.Mode.SELECT, lazy("Call nothing: only what is chosen counts")),
    (PromptSuite.Mode.MOCK, lazy("Call the mock, and tell the model what it answers")),
)


class HowForm(forms.Form):
    """Who is asked, how often, and whether the calls are made."""

    models = forms.MultipleChoiceField(
        label=lazy("Models"), required=False, widget=forms.CheckboxSelectMultiple(attrs={"class": "chk"})
    )
    repeat = forms.IntegerField(label=lazy("Repetitions"), min_value=1, max_value=keeping.MOST_TIMES)
    mode = forms.ChoiceField(label=lazy("Calls"), choices=MODES)

    def __init__(self, data=None, *, user, suite: PromptSuite | None = None, initial=None, **kwargs):
        self.offered = choosing.choices(user)
        super().__init__(data, initial=_initial(suite, self.offered) | (initial or {}), **kwargs)
        self.fields["models"].choices = [(one.key, one.label) for one in self.offered]

    def refuse(self, refused: Refused, names: dict[str, str] | None = None) -> None:
        """Puts what was refused beside its field."""
        for problem in refused.problems:
            name = problem.pointer.strip("/").partition("/")[0]
            name = (names or {}).get(name, name)
            self.add_error(name if name in self.fields else None, told(problem.message))


class SuiteForm(HowForm):
    """The suite: its name, whose tools are offered, and how it runs when nobody says otherwise."""

    name = forms.CharField(label=lazy("Name"), max_length=120)
    description = forms.CharField(
        label=lazy("Description"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    gpt = forms.ChoiceField(label=lazy("Instructions and actions of"), required=False)
    passing = forms.IntegerField(
        label=lazy("Per cent that have to pass"),
        min_value=0,
        max_value=100,
        help_text=lazy("Below it, the run counts as not passed, also in CI."),
    )
    concurrency = forms.IntegerField(label=lazy("At once"), min_value=1, max_value=keeping.MOST_AT_ONCE)
    rate = forms.FloatField(label=lazy("Requests a second, at most"), min_value=0.1, max_value=keeping.FASTEST)
    temperature = forms.FloatField(
        label=lazy("Temperature"), required=False, min_value=0, max_value=2, help_text=lazy("Empty: the model's own.")
    )
    seed = forms.IntegerField(label=lazy("Seed"), required=False, min_value=-(2**63), max_value=2**63 - 1)

    def __init__(self, data=None, *, project: Project, user, suite: PromptSuite | None = None, **kwargs):
        super().__init__(data, user=user, suite=suite, **kwargs)
        self.gpts = {row.key: row for row in project.gpts.all()}
        own = [("", _("Only the project's own action, no instructions"))]
        self.fields["gpt"].choices = own + [(key, row.name) for key, row in self.gpts.items()]

    def fields_of(self) -> dict:
        """The columns of the suite that the form sets."""
        data = self.cleaned_data
        made = {name: data[name] for name in ("name", "description", "mode", *NUMBERS)}
        asks = data["models"] or [SCRIPTED]
        return made | {"asks": asks, "gpt": self.gpts.get(data["gpt"]), "fail_under": data["passing"] / 100}


class RunForm(HowForm):
    """One run: as the suite is, unless something else is chosen."""

    revision = forms.TypedChoiceField(label=lazy("Version"), required=False, coerce=int, empty_value=None)

    def __init__(self, data=None, *, user, suite: PromptSuite, **kwargs):
        super().__init__(data, user=user, suite=suite, **kwargs)
        numbers = suite.project.revisions.values_list("number", flat=True)[:REVISIONS]
        versions = [(number, _("Version %(n)s") % {"n": number}) for number in numbers]
        self.fields["revision"].choices = [("", _("What is live")), *versions]

    def clean_models(self):
        if not self.cleaned_data["models"]:
            raise forms.ValidationError(_("Choose at least one model."))
        return self.cleaned_data["models"]

    def wish(self) -> Wish:
        """What was chosen."""
        data = self.cleaned_data
        return Wish(data["models"], data["repeat"], data["revision"], data["mode"])


class AddForm(forms.Form):
    """Where promoted calls go: a suite that is there, or a new one."""

    suite = forms.ChoiceField(label=lazy("Suite"), required=False)
    name = forms.CharField(label=lazy("Name of the new suite"), required=False, max_length=120)

    def __init__(self, data=None, *, project: Project, **kwargs):
        super().__init__(data, **kwargs)
        self.rows = {row.slug: row for row in project.prompt_suites.only("slug", "name")}
        names = [(slug, row.name) for slug, row in self.rows.items()]
        self.fields["suite"].choices = [("", _("A new one")), *names]

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("suite") and not cleaned.get("name", "").strip() and "suite" not in self.errors:
            self.add_error("name", _("Give the suite a name, such as “First prompts”."))
        return cleaned


def _initial(suite: PromptSuite | None, offered) -> dict:
    row = suite or PromptSuite()
    known = {one.key for one in offered}
    asks = [key for key in row.asks if key in known] or [SCRIPTED]
    made = {name: getattr(row, name) for name in ("name", "description", "mode", *NUMBERS)}
    gpt = row.gpt.key if row.gpt is not None else ""
    return made | {"models": asks, "gpt": gpt, "passing": round(row.fail_under * 100)}
