"""The form of a case: the call, the expected answer, checks by path, what does not count, what later cases use."""

from __future__ import annotations

import base64

import orjson
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.design import newest
from actionstudio.apps.oauth import assuming
from actionstudio.apps.replay import concealing, replaying
from actionstudio.apps.replay.forms import LONGEST_BODY, METHODS, ResendForm
from actionstudio.apps.replay.suites import variables
from actionstudio.apps.replay.suites.models import Case, Suite
from actionstudio.apps.replay.suites.playing import GOOD
from actionstudio.apps.web.telling import told
from actionstudio.core import compare, expecting, filling
from actionstudio.core.call import Call
from actionstudio.core.judging import ALL, KINDS

OPS = (
    ("equals", lazy("equals")),
    ("type", lazy("is of the type")),
    ("exists", lazy("is there")),
    ("absent", lazy("is not there")),
    ("matches", lazy("matches the pattern")),
    ("range", lazy("is in the range")),
)
LINES = {"rows": 3, "spellcheck": "false"}


class CaseForm(forms.Form):
    """All of a case but its rows of checks and extracts."""

    name = forms.CharField(label=lazy("Name"), max_length=160)
    enabled = forms.BooleanField(label=lazy("Run this case"), required=False)
    method = forms.ChoiceField(label=lazy("Method"), choices=[(name, name) for name in METHODS])
    path = forms.CharField(label=lazy("Path"), max_length=8000)
    query = forms.CharField(label=lazy("Query"), required=False, max_length=16000)
    headers = forms.CharField(
        label=lazy("Headers"),
        required=False,
        max_length=64000,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "class": "mono"}),
        help_text=lazy(
            "One a line: name: value. {{name}} is a variable of the suite, here and everywhere in the call."
        ),
    )
    body = forms.CharField(
        label=lazy("Body"),
        required=False,
        strip=False,
        max_length=LONGEST_BODY,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "class": "mono"}),
    )
    credential = forms.ChoiceField(label=lazy("Credential"))
    whole = forms.BooleanField(label=lazy("Compare the whole answer with this one"), required=False)
    status = forms.IntegerField(label=lazy("Status"), required=False, min_value=100, max_value=599)
    answer_headers = forms.CharField(
        label=lazy("Headers of the answer"),
        required=False,
        max_length=64000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "class": "mono"}),
    )
    answer_body = forms.CharField(
        label=lazy("Body of the answer"),
        required=False,
        strip=False,
        max_length=LONGEST_BODY,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "class": "mono"}),
    )
    ignore = forms.CharField(
        label=lazy("Ignored places"),
        required=False,
        widget=forms.Textarea(attrs=LINES),
        help_text=lazy("One a line: $.items[*].at, header:etag, or status."),
    )
    unordered = forms.CharField(
        label=lazy("Lists whose order says nothing"),
        required=False,
        widget=forms.Textarea(attrs=LINES),
        help_text=lazy("One a line: $.items"),
    )
    tolerance = forms.FloatField(
        label=lazy("Tolerance of numbers"),
        required=False,
        min_value=0,
        help_text=lazy("Two numbers this far apart, as they are or as a share, are the same: 0.01"),
    )
    quiet = forms.MultipleChoiceField(
        label=lazy("Noise that does not count"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "chk"}),
    )

    def __init__(self, data=None, *, suite: Suite, case: Case, **kwargs):
        self.suite, self.case = suite, case
        super().__init__(data, initial=_initial(case), **kwargs)
        self.fields["quiet"].choices = [(code, told(kind.title)) for code, kind in KINDS.items()]
        self.fields["credential"].choices = _credentials(suite.project, case)

    clean_path = ResendForm.clean_path
    clean_query = ResendForm.clean_query

    def clean_headers(self):
        pairs = ResendForm.clean_headers(self)
        if problems := [*concealing.of_case(pairs, replaying.masks_of(self.suite.project))]:
            raise forms.ValidationError([one.message for one in problems])
        return pairs

    def clean_answer_headers(self):
        self.cleaned_data["headers"], kept = (
            self.cleaned_data.get("answer_headers", ""),
            self.cleaned_data.get("headers"),
        )
        try:
            return ResendForm.clean_headers(self)
        finally:
            self.cleaned_data["headers"] = kept

    def clean_ignore(self):
        found = _lines(self.cleaned_data["ignore"])
        for line in found:
            if line != "status" and not (line.startswith("header:") and line[7:]) and not compare.readable(line):
                raise forms.ValidationError(_("“%(line)s” is no place of an answer.") % {"line": line})
        return found

    def clean_unordered(self):
        found = _lines(self.cleaned_data["unordered"])
        for line in found:
            if not compare.readable(line):
                raise forms.ValidationError(_("“%(line)s” is no path of a list.") % {"line": line})
        return found

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("whole") and not cleaned.get("status") and "status" not in self.errors:
            self.add_error("status", _("Type the status that is expected, or do not compare the whole answer."))
        if not self.errors:
            call = self.call()
            hidden = variables.secret_names(self.suite).intersection(filling.names(call))
            if nameless := [name for name in sorted(hidden) if variables.nameless(call, name)]:
                words = _(
                    "The secret %(name)s stands where the log cannot hide it: put it into a header, a query parameter "
                    "or a named field of the body."
                )
                self.add_error("path", words % {"name": nameless[0]})
        return cleaned

    def call(self) -> Call:
        """The call as typed; an untouched body keeps its bytes."""
        data = self.cleaned_data
        body = _bytes(data["body"], bytes(self.case.body))
        return Call(data["method"], data["path"], data["query"], tuple(data["headers"]), body)

    def store(self, checks: list[expecting.Check], extracts: list[dict]) -> Case:
        """Fills the case in; nothing is saved yet."""
        case, data, call = self.case, self.cleaned_data, self.call()
        case.name, case.enabled, case.credential, case.whole = (
            data[name] for name in ("name", "enabled", "credential", "whole")
        )
        case.method, case.path, case.query, case.body = call.method, call.path, call.query, call.body
        case.headers = [list(pair) for pair in call.headers]
        if data["status"]:
            case.answer = _answer(case.answer, data)
        off = sorted(ALL - set(data["quiet"]))
        rules = {"ignore": data["ignore"], "unordered": data["unordered"], "tolerance": data["tolerance"], "off": off}
        case.rules = {name: value for name, value in rules.items() if value}
        case.checks = [{"on": one.on, "op": one.op, "value": one.value} for one in checks]
        case.extracts = extracts
        return case


class CheckForm(forms.Form):
    """One check."""

    on = forms.CharField(label=lazy("Where"), max_length=300)
    op = forms.ChoiceField(label=lazy("What"), choices=OPS, initial="equals")  # what an empty row posts
    value = forms.CharField(label=lazy("Value"), required=False, max_length=4000)

    def clean(self):
        cleaned = super().clean()
        if not self.errors:
            try:
                cleaned["check"] = expecting.read(cleaned["on"], cleaned["op"], cleaned["value"])
            except ValueError as error:
                self.add_error("value", told(error.args[0]))
                return cleaned
            for problem in expecting.problems([cleaned["check"]]):
                self.add_error(problem.pointer.rpartition("/")[2], told(problem.message))
        return cleaned


class ExtractForm(forms.Form):
    """One value for later cases."""

    on = forms.CharField(label=lazy("Where"), max_length=300)
    name = forms.CharField(label=lazy("Variable"), max_length=60)

    def clean_on(self):
        on = self.cleaned_data["on"].strip()
        if found := expecting.problems([expecting.Check(on, "exists")]):
            raise forms.ValidationError(told(found[0].message))
        return on

    def clean_name(self):
        name = self.cleaned_data["name"].strip().strip("{}")
        if not filling.NAME.fullmatch(name):
            raise forms.ValidationError(_("Use letters, digits, _ or -, starting with a letter."))
        return name


CheckSet = forms.formset_factory(CheckForm, extra=2, max_num=100, can_delete=True)
ExtractSet = forms.formset_factory(ExtractForm, extra=1, max_num=30, can_delete=True)


def rows(formset) -> list[dict]:
    """What the rows of a form set say, without those taken away and those left empty."""
    return [form.cleaned_data for form in formset.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]


def first_checks(case: Case) -> list[dict]:
    """The checks of a case as the rows begin with them."""
    found = [expecting.Check(one["on"], one["op"], one.get("value")) for one in case.checks]
    return [{"on": one.on, "op": one.op, "value": expecting.written(one)} for one in found]


def _credentials(project, case: Case) -> list[tuple[str, str]]:
    people = assuming.choices(project, newest.contract(project).auth)
    found = [
        (replaying.NOBODY, _("None, or what the headers say")),
        (GOOD, _("Counts as a good one")),
        *(
            (str(key.pk), _("The key “%(name)s”") % {"name": key.name})
            for key in project.keys.filter(revoked=None)[:100]
        ),
        *((f"{assuming.PREFIX}{user.sub}", _("As %(name)s, signed in") % {"name": user.username}) for user in people),
    ]
    if case.credential not in {value for value, _label in found}:
        found.append((case.credential, _("One that is gone: choose another")))
    return found


def _initial(case: Case) -> dict:
    answer = case.answer or {}
    return {
        **{name: getattr(case, name) for name in ("name", "enabled", "method", "path", "query", "credential", "whole")},
        "headers": "\n".join(f"{name}: {value}" for name, value in _headers(case)),
        "body": _shown(bytes(case.body)),
        "status": answer.get("status"),
        "answer_headers": "\n".join(f"{name}: {value}" for name, value in answer.get("headers", ())),
        "answer_body": _shown(base64.b64decode(answer.get("body", ""))),
        "ignore": "\n".join(case.rules.get("ignore", ())),
        "unordered": "\n".join(case.rules.get("unordered", ())),
        "tolerance": case.rules.get("tolerance"),
        "quiet": sorted(ALL - set(case.rules.get("off", ()))),
    }


def _headers(case: Case) -> list[list[str]]:
    """As they may be shown: an older case may hold a credential."""
    return concealing.headers(case.headers, replaying.masks_of(case.suite.project))


def _answer(old: dict | None, data: dict) -> dict:
    """The expected answer as typed. What the form does not show (its time, its version) stays."""
    old = old or {"duration_us": 0, "cut": False, "revision": None, "violations": 0}
    body = _bytes(data["answer_body"], base64.b64decode(old.get("body", "")))
    headers = [list(pair) for pair in data["answer_headers"]]
    coded = base64.b64encode(body).decode()
    made = {**old, "status": data["status"], "headers": headers, "body": coded, "size": len(body)}
    return made if headers == old.get("headers") else made | {"typed": True}


def _shown(body: bytes) -> str:
    """JSON on one line is unfolded, to be edited with ease; everything else as it is."""
    text = body.decode("utf-8", "replace")
    if "\n" in text.strip() or text[:1] not in ("{", "["):
        return text
    try:
        return orjson.dumps(orjson.loads(text), option=orjson.OPT_INDENT_2).decode()
    except orjson.JSONDecodeError:
        return text


def _bytes(text: str, old: bytes) -> bytes:
    """What was typed. Text that was not touched is what it was shown for; browsers send line ends as CRLF."""
    plain = text.replace("\r\n", "\n")
    shown = (_shown(old).replace("\r\n", "\n"), old.decode("utf-8", "replace").replace("\r\n", "\n"))
    return old if plain in shown else plain.encode()


def _lines(text: str) -> list[str]:
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))[:200]
