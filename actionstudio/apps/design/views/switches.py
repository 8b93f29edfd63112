"""One endpoint's one-shot switches: its next calls misbehave, chosen from the ChatGPT limit deck or said in numbers."""

from django import forms
from django.contrib.auth.decorators import login_required
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from actionstudio.apps.design import load
from actionstudio.apps.design.models import Operation
from actionstudio.apps.design.views.endpoint import find, ref_of
from actionstudio.apps.projects import access
from actionstudio.apps.publishing import switching
from actionstudio.apps.publishing.models import Switch
from actionstudio.apps.web import htmx
from actionstudio.apps.web.telling import told
from actionstudio.core import answering, codec
from actionstudio.core.behaviour import Fault
from actionstudio.core.deck import DOCUMENTED, INFERRED, PRESETS, REPORTED
from actionstudio.core.problem import Refused

SURE = {DOCUMENTED: lazy("documented"), REPORTED: lazy("reported"), INFERRED: lazy("inferred")}
NUMBERS = {"status": "status", "delay": "seconds", "over-long": "characters"}  # which field of a fault it is
CALLS = {"min_value": 1, "max_value": switching.MOST_CALLS, "initial": 1, "label": lazy("Calls")}


class PresetForm(forms.Form):
    """A case of the deck, and for how many calls."""

    preset = forms.ChoiceField(choices=[(name, name) for name in PRESETS])
    calls = forms.IntegerField(**CALLS)


class FaultForm(forms.Form):
    """A fault in one number."""

    what = forms.ChoiceField(
        label=lazy("What happens"),
        choices=[
            ("status", lazy("Answers with this status")),
            ("delay", lazy("Answers after so many seconds")),
            ("over-long", lazy("Answers with so many characters")),
        ],
    )
    number = forms.FloatField(label=lazy("Number"), min_value=0)
    calls = forms.IntegerField(**CALLS)

    def fault(self, row: Operation) -> Fault | None:
        """The fault it says; None when something is wrong, which stands beside its field then."""
        if not self.is_valid():
            return None
        what, number = self.cleaned_data["what"], self.cleaned_data["number"]
        typed = number if what == "delay" else int(number)
        data = {"what": what, NUMBERS[what]: typed}
        try:
            return answering.fault_of(data, load.contract(row.project), load.operation(row))
        except Refused as refused:
            for problem in refused.problems:
                self.add_error("number", told(problem.message))
        return None


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def switches(request, slug: str, ref: str):
    project = access.changeable(request, slug)
    row = find(project, ref)
    deed = DEEDS.get(request.POST.get("deed", ""))
    return deed(request, row) if deed else _page(request, row)


def _preset(request, row: Operation):
    form = PresetForm(request.POST)
    if not form.is_valid():
        words = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return _page(request, row, refused=words)
    fault = switching.preset(form.cleaned_data["preset"])
    return _set(request, row, fault, form.cleaned_data["calls"])


def _fault(request, row: Operation):
    form = FaultForm(request.POST)
    fault = form.fault(row)
    if fault is None:
        return _page(request, row, form)
    return _set(request, row, fault, form.cleaned_data["calls"])


def _set(request, row: Operation, fault: Fault, calls: int):
    try:
        switching.set_switch(row.project, row.method, row.path, fault, calls)
    except Refused as refused:
        return _page(request, row, refused=" ".join(told(problem.message) for problem in refused.problems))
    words = ngettext("The next call misbehaves.", "The next %(n)d calls misbehave.", calls) % {"n": calls}
    return htmx.redirect(_back(request, row), words)


def _cancel(request, row: Operation):
    pk = request.POST.get("switch", "")
    number = int(pk) if pk.isdecimal() and len(pk) < 19 else None
    if number is None or not switching.cancel(row.project, row.method, row.path, number):
        return htmx.redirect(_back(request, row), _("It is used up, or cancelled already."), "warn")
    return htmx.redirect(_back(request, row), _("Cancelled."))


def _clear(request, row: Operation):
    switching.cancel(row.project, row.method, row.path)
    return htmx.redirect(_url(row), _("Nothing waits any more: the endpoint answers as usual."))


DEEDS = {"preset": _preset, "fault": _fault, "cancel": _cancel, "clear": _clear}


def _url(row: Operation) -> str:
    return reverse("design:switches", args=[row.project.slug, ref_of(row.operation_id, row.pk)])


def _back(request, row: Operation) -> str:
    """Where the button was pressed: the page "Answer", or this one."""
    name = "design:mock" if request.POST.get("back") == "answer" else "design:switches"
    return reverse(name, args=[row.project.slug, ref_of(row.operation_id, row.pk)])


def _page(request, row: Operation, form: FaultForm | None = None, refused: str = ""):
    found = switching.waiting(row.project, row.method, row.path)
    context = {
        "project": row.project,
        "nav": "endpoints",
        "op": row,
        "ref": ref_of(row.operation_id, row.pk),
        "waiting": [(one, title(one)) for one in found],
        "deck": [(preset, SURE[preset.sure]) for preset in PRESETS.values()],
        "form": form or FaultForm(initial={"what": "status", "number": 503}),
        "most": switching.MOST_CALLS,
        "refused": refused,
    }
    wrong = refused or (form is not None and form.errors)
    return htmx.page(request, "design/switches.html", context, status=422 if wrong else 200)


def title(switch: Switch) -> str:
    """What a switch does, in a few words."""
    fault = codec.value_of(Fault, switch.fault)
    known = next((preset for preset in PRESETS.values() if preset.fault == fault), None)
    if known is not None:
        return told(known.title)
    words = {
        "status": _("Status %(n)s") % {"n": fault.status or 500},
        "delay": _("Answers after %(n)s s") % {"n": f"{fault.seconds:g}"},
        "over-long": _("%(n)s characters") % {"n": f"{fault.characters:,}"},
    }
    return words.get(fault.what, fault.what)
