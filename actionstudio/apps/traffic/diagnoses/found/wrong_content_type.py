"""The body came as another media type than is declared, or compressed."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from actionstudio.apps.traffic.diagnoses.case import Case
from actionstudio.apps.traffic.diagnoses.diagnosis import Diagnosis, on_call
from actionstudio.runtime.reader import CODING

JSON = "application/json"


@on_call("bad")
def look(case: Case) -> Iterator[Diagnosis]:
    """ChatGPT sends ``application/json`` and nothing else; other callers must say what they send (RFC 9110, 8.3)."""
    op, row = case.operation, case.row
    if not op or not op.body or not row.request_size:
        return
    if any(item.get("code") == CODING for item in row.found):
        facts = ((_("Content-Encoding"), case.headers.get(CODING, "–")),)
        words = _("Send the body as it is: nothing here unpacks what callers compress, and ChatGPT compresses nothing.")
        level = "bad" if row.status >= 400 else "warn"
        yield Diagnosis(_("The body came compressed."), words, facts, case.endpoint(_("Endpoint")), level=level)
        return
    if row.status < 400:
        return
    declared = [media.media_type.partition(";")[0].strip().lower() for media in op.body.content]
    sent = case.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not declared or any(_covers(one, sent) for one in declared):
        return
    facts = ((_("Came"), sent or _("no Content-Type")), (_("Expected"), ", ".join(declared)))
    if case.from_gpt and not any(_covers(one, JSON) for one in declared):
        words = _("ChatGPT can send only JSON. Declare application/json for this body.")
    else:
        words = _("Send the body as declared, with that Content-Type.")
    yield Diagnosis(_("The body came in another format than declared."), words, facts, case.endpoint(_("Endpoint")))


def _covers(declared: str, sent: str) -> bool:
    """Whether a declared media type or range covers what was sent (RFC 9110, section 12.5.1)."""
    return declared in ("*/*", sent) or (declared.endswith("/*") and sent.startswith(declared[:-1]))
