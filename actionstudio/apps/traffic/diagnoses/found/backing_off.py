"""ChatGPT slows down after answers like this one."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from actionstudio.apps.traffic.diagnoses.case import Case
from actionstudio.apps.traffic.diagnoses.diagnosis import Diagnosis, on_call


@on_call("warn")
def look(case: Case) -> Iterator[Diagnosis]:
    """After a number of 429 and 500 answers in a short time ChatGPT "dynamically backs off" (OpenAI, "Actions:
    production notes"; the numbers are not published)."""
    row = case.row
    if not case.is_call or row.source != "gpt":
        return
    if row.status == 429:
        words = _("Raise the limit, or say in the answer when to try again; a model told “try again in 5 s” does so.")
        links = case.endpoint(_("Endpoint"))
        yield Diagnosis(_("ChatGPT was turned away by a rate limit, and calls less often now."), words, (), links)
    elif row.status >= 500:
        words = _("Answer what the caller can do about it with a 4xx and a sentence; keep 5xx for real failures.")
        yield Diagnosis(
            _("Errors of the server make ChatGPT call less often."), words, (), case.endpoint(_("Endpoint"))
        )
