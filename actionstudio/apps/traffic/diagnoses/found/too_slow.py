"""The answer took longer than ChatGPT waits, or nearly so."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from actionstudio.apps.traffic.diagnoses.case import Case
from actionstudio.apps.traffic.diagnoses.diagnosis import Diagnosis, on_call
from actionstudio.core.limits import SECONDS

NEAR = 0.5  # of the limit


@on_call("bad")
def look(case: Case) -> Iterator[Diagnosis]:
    """45 seconds for the whole round trip, then the call has failed; nothing is asked again in the background (OpenAI,
    "Actions: production notes")."""
    seconds = case.row.duration_us / 1e6
    if not case.is_call or seconds < SECONDS * NEAR:
        return
    facts = ((_("Took"), _("%(n)s s") % {"n": f"{seconds:.1f}"}), (_("ChatGPT waits"), _("%(n)s s") % {"n": SECONDS}))
    links = case.endpoint(_("Endpoint"))
    if seconds >= SECONDS:
        words = _("Answer at once with a number under which the result can be asked for, and add an endpoint for that.")
        yield Diagnosis(_("ChatGPT had given up before the answer came."), words, facts, links)
    else:
        words = _("The way over the network comes on top of it. Make the answer quicker or smaller.")
        yield Diagnosis(_("The answer came late: ChatGPT gives up soon after."), words, facts, links, level="warn")
