"""ChatGPT's own question for approval was taken for an answer of the API."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from actionstudio.apps.traffic.diagnoses.case import Case
from actionstudio.apps.traffic.diagnoses.diagnosis import Diagnosis, on_call

TEXT = "The requested action requires approval"


@on_call("bad")
def look(case: Case) -> Iterator[Diagnosis]:
    """Before the user allows a call, the model is shown a placeholder with ``action_id`` and "The requested action
    requires approval"; builders copy it into their APIs and examples, thinking it is the server's (field reports)."""
    for side, body in ((_("answer"), case.row.response_body), (_("request"), case.row.request_body)):
        if TEXT.encode() in bytes(body):
            words = _(
                "That text is ChatGPT's, shown until the user presses Allow. No API sends it. Take it out of the "
                "example or schema and describe the real answer."
            )
            yield Diagnosis(
                _("ChatGPT's placeholder for consent stands in the %(side)s.") % {"side": side},
                words,
                (),
                case.endpoint(_("Endpoint")),
            )
