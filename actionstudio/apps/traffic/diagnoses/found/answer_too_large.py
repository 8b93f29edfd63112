"""The answer is larger than ChatGPT takes."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from actionstudio.apps.traffic.diagnoses.case import Case
from actionstudio.apps.traffic.diagnoses.diagnosis import Diagnosis, on_call
from actionstudio.core.limits import PAYLOAD

NEAR = 0.8  # of the limit: from here on it is worth a word


@on_call("bad")
def look(case: Case) -> Iterator[Diagnosis]:
    """100,000 characters each way, "must be less than" (OpenAI, "Actions: production notes"): the model is told
    ``ResponseTooLarge`` and sees nothing of the answer."""
    if not case.is_call or case.row.response_size < PAYLOAD * NEAR:
        return
    size = len(case.answer_text) if len(case.row.response_body) == case.row.response_size else case.row.response_size
    facts = ((_("Characters"), f"{size:,}"), (_("Limit"), f"{PAYLOAD:,}"))
    links = case.endpoint(_("Endpoint"))
    words = _(
        "Answer fewer rows or fewer members: a limit parameter with a small default, a list without details, paging."
    )
    if size >= PAYLOAD:
        yield Diagnosis(_("The answer is too large: ChatGPT throws it away."), words, facts, links)
    elif size >= PAYLOAD * NEAR:
        yield Diagnosis(_("The answer is close to the largest that ChatGPT takes."), words, facts, links, level="info")
