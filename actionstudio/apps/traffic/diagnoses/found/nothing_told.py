"""The answer gives the model nothing to tell."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from actionstudio.apps.traffic.diagnoses.case import Case
from actionstudio.apps.traffic.diagnoses.diagnosis import Diagnosis, on_call


@on_call("info")
def look(case: Case) -> Iterator[Diagnosis]:
    """A model that gets an empty answer often says that the call failed, or makes up what came of it."""
    row = case.row
    if case.is_call and case.from_gpt and 200 <= row.status < 300 and not row.response_size and row.method != "HEAD":
        words = _('Answer a short JSON object that says what was done, such as {"deleted": true}.')
        yield Diagnosis(
            _("The answer is empty: the model learns nothing from it."), words, (), case.endpoint(_("Endpoint"))
        )
