"""Files arrived as bare ids."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from actionstudio.apps.traffic.diagnoses.case import Case
from actionstudio.apps.traffic.diagnoses.diagnosis import Diagnosis, on_call


@on_call("bad")
def look(case: Case) -> Iterator[Diagnosis]:
    """``openaiFileIdRefs`` arrives as a list of {name, id, mime_type, download_link}, POST only, ten at most; the links
    work for five minutes (OpenAI, "Actions: getting started"). A known fault sends bare ids (field report)."""
    refs = case.sent.get("openaiFileIdRefs") if isinstance(case.sent, dict) else None
    if not isinstance(refs, list) or not any(isinstance(one, str) for one in refs):
        return
    words = _(
        "There is nothing to download from. Answer 400 with a short text that asks to attach the file again; see "
        "also that the parameter is a list of texts in a POST body."
    )
    yield Diagnosis(_("Files came as ids without links."), words, (), case.endpoint(_("Endpoint")))
