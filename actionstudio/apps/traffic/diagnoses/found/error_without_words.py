"""The error does not say what to do."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from actionstudio.apps.traffic.diagnoses.case import Case
from actionstudio.apps.traffic.diagnoses.diagnosis import Diagnosis, on_call

LEAST = 12  # bytes that hold a word or two


@on_call("info")
def look(case: Case) -> Iterator[Diagnosis]:
    """The model reads the body of an error and acts on it; with nothing to read it repeats the call or gives up."""
    row = case.row
    if not case.is_call or not case.from_gpt or row.status < 400 or row.status in (401, 403):
        return
    if row.response_size < LEAST:  # its size, for the log may not keep bodies
        words = _("Answer JSON with a sentence: what was wrong, and what a good call looks like.")
        yield Diagnosis(
            _("The error says nothing that the model could act on."), words, (), case.endpoint(_("Endpoint"))
        )
