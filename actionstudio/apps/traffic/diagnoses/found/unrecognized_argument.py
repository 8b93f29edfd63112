"""The call carries an argument that ChatGPT would refuse to send."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qsl

from django.utils.translation import gettext as _

from actionstudio.apps.traffic.diagnoses.case import Case
from actionstudio.apps.traffic.diagnoses.diagnosis import Diagnosis, on_call


@on_call("warn")
def look(case: Case) -> Iterator[Diagnosis]:
    """ChatGPT's runtime refuses undeclared arguments before any HTTP call, even with ``additionalProperties: true``:
    ``UnrecognizedKwargsError: env`` (more than ten field reports). The log shows such calls only from other callers."""
    if not case.is_call or case.from_gpt or not case.tool:
        return
    known = {argument.name for argument in case.tool.arguments}
    body = case.sent if isinstance(case.sent, dict) else {}
    given = [name for name, _value in parse_qsl(case.row.query, keep_blank_values=True)] + [str(name) for name in body]
    strange = [name for name in dict.fromkeys(given) if name not in known]
    if not strange:
        return
    shown = strange[0] if len(strange) == 1 else "(" + ", ".join(f"'{name}'" for name in strange) + ")"
    words = _(
        "This caller sent it, ChatGPT cannot: it refuses arguments that the document does not declare. Declare it, "
        "or leave it out."
    )
    facts = ((_("ChatGPT would say"), f"UnrecognizedKwargsError: {shown}"),)
    links = case.endpoint(_("Endpoint")) + case.link(_("What the model sees"), "gpt:model")
    yield Diagnosis(_("ChatGPT would not send this call."), words, facts, links)
