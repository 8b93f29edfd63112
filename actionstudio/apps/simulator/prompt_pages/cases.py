"""One case of a prompt suite: written, changed, doubled, deleted."""

from __future__ import annotations

from django import forms
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from actionstudio.apps.simulator.models import PromptCase, PromptSuite
from actionstudio.apps.simulator.prompt_pages import case_draft, finding
from actionstudio.apps.simulator.prompts import keeping
from actionstudio.apps.traffic.models import Exchange
from actionstudio.apps.web import htmx
from actionstudio.apps.web.telling import told
from actionstudio.core.problem import Refused
from actionstudio.core.prompting.fields import Sheet

LANGUAGES = ("en", "fr", "zh-Hans", "ko")
KINDS = (
    ("direct", lazy("Direct: it names what it wants")),
    ("indirect", lazy("Indirect: it describes the wish")),
    ("negative", lazy("Negative: nothing here should be called")),
)
CONSENT = (("", lazy("Not judged")), ("yes", lazy("Asked to confirm")), ("no", lazy("Not asked")))
OPS = (
    ("", lazy("–")),
    ("equals", lazy("is")),
    ("any-of", lazy("is one of")),
    ("contains", lazy("contains")),
    ("regex", lazy("fits the expression")),
    ("near", lazy("is about")),
    ("present", lazy("is there")),
    ("absent", lazy("is left out")),
    ("ignore", lazy("does not count")),
)


class CaseForm(forms.Form):
    """The fields of a case that are there once."""

    name = forms.CharField(
        label=lazy("Name"), required=False, max_length=160, help_text=lazy("Empty: what the user says last")
    )
    enabled = forms.BooleanField(label=lazy("In use"), required=False)
    kind = forms.ChoiceField(label=lazy("Kind of prompt"), choices=KINDS)
    language = forms.CharField(
        label=lazy("Language"),
        max_length=35,
        widget=forms.TextInput(attrs={"list": "languages", "autocomplete": "off"}),
    )
    never = forms.MultipleChoiceField(
        label=lazy("Must not be called"), required=False, widget=forms.CheckboxSelectMultiple(attrs={"class": "chk"})
    )
    ordered = forms.BooleanField(label=lazy("The calls come in this order"), required=False)
    others = forms.BooleanField(label=lazy("Other calls may be made, too"), required=False)
    closed = forms.BooleanField(label=lazy("Arguments without a matcher count as wrong"), required=False)
    consent = forms.ChoiceField(label=lazy("ChatGPT's user is"), required=False, choices=CONSENT)
    note = forms.CharField(label=lazy("Note"), required=False, max_length=300)

    def __init__(self, data=None, *, case: PromptCase, operations, **kwargs):
        names = ("name", "enabled", "kind", "language", "never", "ordered", "others", "closed", "note")
        first = {name: getattr(case, name) for name in names}
        consent = {None: "", True: "yes", False: "no"}[case.consent]
        super().__init__(data, initial={**first, "consent": consent}, **kwargs)
        listed = dict.fromkeys([*operations, *(str(name) for name in case.never)])
        self.fields["never"].choices = [(name, name) for name in listed]

    def plain(self) -> dict:
        """As :func:`keeping.fill` takes it."""
        consent = {"yes": True, "no": False}.get(self.cleaned_data["consent"])
        return {**self.cleaned_data, "consent": consent}


@login_required
def new(request, slug: str, suite: str):
    """A case that is written by hand."""
    row = finding.suite(request, slug, suite, change=True)
    return _edited(request, PromptCase(suite=row))


@login_required
def edit(request, slug: str, suite: str, pk: int):
    """A case as a form."""
    return _edited(request, finding.case(request, slug, suite, pk))


@login_required
@require_POST
def copy(request, slug: str, suite: str, pk: int):
    """The same once more, behind it."""
    case = finding.case(request, slug, suite, pk)
    row = case.suite
    if row.cases.count() >= keeping.MOST:
        words = _("A suite has at most %(n)d cases.") % {"n": keeping.MOST}
        return htmx.redirect(reverse("simulator:prompt-suite", args=[slug, suite]), words, "bad")
    with transaction.atomic():
        PromptSuite.objects.select_for_update().get(pk=row.pk)
        row.cases.filter(position__gt=case.position).update(position=F("position") + 1)
        case.name = keeping.free_name(case.name, set(row.cases.values_list("name", flat=True)))
        case.pk, case.position = None, case.position + 1
        case.save(force_insert=True)
    return htmx.redirect(reverse("simulator:prompt-case", args=[slug, suite, case.pk]), _("This is the copy."))


@login_required
@require_POST
def delete(request, slug: str, suite: str, pk: int):
    """The case, for good. What became of it in earlier runs stays there."""
    case = finding.case(request, slug, suite, pk)
    case.delete()
    words = _("The case “%(name)s” is deleted.") % {"name": case.name}
    return htmx.redirect(reverse("simulator:prompt-suite", args=[slug, suite]), words)


def _edited(request, case: PromptCase):
    sheets = _sheets(case.suite)
    posted = request.method == "POST"
    form = CaseForm(request.POST if posted else None, case=case, operations=sheets)
    draft = case_draft.read(request.POST, sheets) if posted else case_draft.of(case.value, sheets)
    saves = posted and "pick" not in request.POST
    if saves and form.is_valid():
        try:
            made = keeping.case(keeping.fill(case, form.plain() | draft.plain()), list(sheets.values()))
            where = reverse("simulator:prompt-suite", args=[case.suite.project.slug, case.suite.slug])
            return htmx.redirect(f"{where}#case-{made.pk}", _("Saved."))
        except Refused as refused:
            _refuse(form, draft, refused)
    return _page(request, case, form, draft, saves, list(sheets))


def _page(request, case: PromptCase, form: CaseForm, draft: case_draft.Draft, wrong: bool, operations: list[str]):
    if not wrong and form.is_bound:
        form.errors.clear()  # another row was asked for: nothing is judged yet
    context = {
        "project": case.suite.project,
        "nav": "prompts",
        "suite": case.suite,
        "case": case,
        "title": PromptCase.objects.filter(pk=case.pk).values_list("name", flat=True).first() if case.pk else "",
        "form": form,
        "draft": draft,
        "operations": operations,
        "ops": OPS,
        "languages": LANGUAGES,
        "wrong": wrong,
        "source": Exchange(pk=case.source).public_id if case.source else "",
    }
    return htmx.page(request, "prompts/case.html", context, part="form", status=422 if wrong else 200)


def _refuse(form: CaseForm, draft: case_draft.Draft, refused: Refused) -> None:
    for problem in refused.problems:
        if not draft.refuse(problem):
            name = problem.pointer.strip("/").partition("/")[0]
            form.add_error(name if name in form.fields else None, told(problem.message))


def _sheets(suite: PromptSuite) -> dict[str, Sheet]:
    """What ChatGPT has, by name; nothing when it has nothing."""
    return {one.operation: one for one in keeping.sheets(suite)}
