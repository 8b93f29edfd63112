"""The form of a new run: where to, whose credential, what is changed about every call, how fast."""

from __future__ import annotations

import re
from dataclasses import replace

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.replay import concealing, replaying, sending
from actionstudio.apps.replay.forms import TargetForm
from actionstudio.apps.replay.models import Run
from actionstudio.apps.replay.runs import options as wishes
from actionstudio.apps.replay.runs.options import (
    LEAST_RATE,
    MOST_AT_ONCE,
    MOST_RATE,
    USUAL_AT_ONCE,
    USUAL_RATE,
    Options,
)
from actionstudio.apps.traffic.models import Exchange
from actionstudio.apps.web.telling import told

EDITS = ("set_headers", "remove_headers", "base_from", "base_to", "shift_days", "set_values")
LINES = {"rows": 3, "spellcheck": "false", "class": "mono"}


def _lines(label, hint) -> forms.CharField:
    area = forms.Textarea(attrs=LINES)
    return forms.CharField(label=label, required=False, max_length=20_000, widget=area, help_text=hint)


class RunForm(TargetForm):
    """``selection`` is what is sent; ``confirm`` is asked for only where something has to be confirmed."""

    set_headers = _lines(
        lazy("Set headers"), lazy("One a line: name: value. A value may be a template, such as {{uuid}}.")
    )
    remove_headers = _lines(lazy("Remove headers"), lazy("One name a line."))
    base_from = forms.CharField(label=lazy("Paths that begin with"), required=False, max_length=500)
    base_to = forms.CharField(
        label=lazy("begin instead with"), required=False, max_length=500, help_text=lazy("Such as /v1 and /v2.")
    )
    shift_days = forms.IntegerField(
        label=lazy("Move dates by days"),
        required=False,
        help_text=lazy("Dates and times in the path, the query and the JSON body; the clock stays."),
    )
    shift_to_now = forms.BooleanField(
        label=lazy("Move dates by the age of each call, so that then becomes now"), required=False
    )
    set_values = _lines(lazy("Set values"), lazy("One a line: $.items[*].sku = text, or query.limit = 5."))
    carry = forms.BooleanField(
        label=lazy("Carry values of an earlier answer into later calls of the same conversation"), required=False
    )
    concurrency = forms.IntegerField(
        label=lazy("Calls at once"), min_value=1, max_value=MOST_AT_ONCE, help_text=lazy("From 1 to 16.")
    )
    rate = forms.FloatField(
        label=lazy("Calls a second"), min_value=LEAST_RATE, max_value=MOST_RATE, help_text=lazy("At most 200.")
    )
    send_refused = forms.BooleanField(label=lazy("Send also what ChatGPT would no longer send"), required=False)
    resend = forms.BooleanField(
        label=lazy("If the studio is killed, send again also what may have arrived and may do its work twice"),
        required=False,
    )
    confirm = forms.BooleanField(label=lazy("Yes, send these calls"), required=False)

    def __init__(self, data=None, *, project, selection, **kwargs):
        super().__init__(data, project=project, exchange=_usual(selection), **kwargs)
        self.selection = selection

    def clean(self):
        cleaned = super().clean()
        options = self._options(cleaned)
        target = sending.target(cleaned.get("to", sending.LIVE), self.project)
        for problem in wishes.problems(self.project, target, options):
            self._add(problem)
        if not self.errors.keys().isdisjoint(EDITS):  # the calls are shown without edits that cannot be made
            options = replace(options, edits={})
        cleaned["options"] = options
        return cleaned

    def _add(self, problem) -> None:
        """A problem beside its field. What came line by line is named by its line."""
        name = problem.pointer.split("/")[1]
        field = {"base_path": "base_from", "typed": "typed_name"}.get(name, name)
        self.add_error(field if field in self.fields else None, str(told(problem.message)))

    def _options(self, data) -> Options:
        """What the fields say; of a field that is wrong by itself what is usual, so that the others are looked at."""
        typed = None if "typed_name" in self.errors else data.get("typed")
        edits = {
            "set_headers": self._pairs("set_headers", ":"),
            "remove_headers": data.get("remove_headers", "").split(),
            "base_path": [data.get("base_from", "").strip(), data.get("base_to", "").strip()],
            "shift_days": data.get("shift_days") or 0,
            "shift_to_now": data["shift_to_now"],
            "set_values": self._pairs("set_values", "="),
        }
        switches = ("carry", "twice", "send_refused", "resend")
        return Options(
            credential=data.get("credential") or replaying.SAME,
            typed=typed[0] if typed else "",
            edits={name: value for name, value in edits.items() if value and value != ["", ""]},
            concurrency=data.get("concurrency", USUAL_AT_ONCE),
            rate=data.get("rate", USUAL_RATE),
            **{name: data[name] for name in switches},
        )

    def _pairs(self, name: str, mark: str) -> list[list[str]]:
        found = []
        for number, line in enumerate(self.cleaned_data.get(name, "").splitlines(), 1):
            left, between, right = (part.strip() for part in line.partition(mark))
            if not line.strip():
                continue
            if not between or not left:
                words = _("Line %(n)s: write it as %(sample)s.")
                sample = "name: value" if mark == ":" else "$.name = value"
                self.add_error(name, words % {"n": number, "sample": sample})
                continue
            found.append([left, right])
        return found


def initial(run: Run | None, target: str = "") -> dict:
    """The fields' first values: as usual, or as an earlier run was."""
    made = wishes.read(run.options) if run else Options()
    edits = wishes.edits_of(concealing.shown(made.edits, replaying.masks_of(run.project)) if run else made.edits)
    to = run.target if run else target or sending.LIVE
    known = to in (sending.LIVE, sending.UPSTREAM) or re.fullmatch(r"revision:\d+", to)
    return {
        "target": to if known else "base",
        "base": "" if known else to,
        "credential": made.credential,
        "typed_name": made.typed,
        "set_headers": "\n".join(f"{name}: {text}" for name, text in edits.set_headers),
        "remove_headers": "\n".join(edits.remove_headers),
        "base_from": edits.base_path[0],
        "base_to": edits.base_path[1],
        "shift_days": edits.shift_days or None,
        "shift_to_now": edits.shift_to_now,
        "set_values": "\n".join(f"{place} = {text}" for place, text in edits.set_values),
        "carry": made.carry,
        "twice": made.twice,
        "concurrency": made.concurrency if run else USUAL_AT_ONCE,
        "rate": made.rate if run else USUAL_RATE,
        "send_refused": made.send_refused,
        "resend": made.resend,
    }


def _usual(selection) -> Exchange:
    """A stand-in for the calls: whether they carried a credential is different from call to call."""
    return Exchange(auth="ok") if selection is not None else Exchange()
