"""The request is larger than ChatGPT sends."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from actionstudio.apps.traffic.diagnoses.case import Case
from actionstudio.apps.traffic.diagnoses.diagnosis import Diagnosis, on_call
from actionstudio.core.limits import PAYLOAD


@on_call("warn")
def look(case: Case) -> Iterator[Diagnosis]:
    """100,000 characters each way (OpenAI, "Actions: production notes"). A caller that is not ChatGPT may send more."""
    if case.is_call and case.row.request_size >= PAYLOAD and not case.from_gpt:
        words = _("This caller may; ChatGPT would refuse to send it. Ask for less, or for a file.")
        facts = ((_("Bytes"), f"{case.row.request_size:,}"), (_("Limit"), f"{PAYLOAD:,}"))
        yield Diagnosis(_("ChatGPT could not send a request of this size."), words, facts)
