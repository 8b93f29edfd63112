"""The answer says it is JSON and is none."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from actionstudio.apps.traffic.diagnoses.case import MISSING, Case
from actionstudio.apps.traffic.diagnoses.diagnosis import Diagnosis, on_call


@on_call("bad")
def look(case: Case) -> Iterator[Diagnosis]:
    """The model is given the text as it is; what was cut off or badly written misleads it."""
    kind, row = case.answered.get("content-type", "").lower(), case.row
    whole = row.response_size and not row.lacks("response")
    if case.is_call and "json" in kind and whole and case.told is MISSING:
        words = _(
            "The body cannot be read as JSON. See its end: it may be cut off, or hold text before or after the JSON."
        )
        yield Diagnosis(_("The answer is not valid JSON."), words, ((_("Ends with"), case.answer_text[-60:]),))
