"""An operation that needs a body was called without one."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from actionstudio.apps.traffic.diagnoses import older
from actionstudio.apps.traffic.diagnoses.case import Case
from actionstudio.apps.traffic.diagnoses.diagnosis import Diagnosis, on_call


@on_call("bad")
def look(case: Case) -> Iterator[Diagnosis]:
    """ChatGPT sends a JSON body made of the arguments that the schema declares at its top level. A body without
    properties, or one that is no object, leaves it nothing to send (docs/chatgpt-rules.md, BODY rules)."""
    op = case.operation
    if not op or not op.body or case.row.request_size or op.method in ("GET", "HEAD"):
        return
    if not op.body.required and case.row.status < 400:
        return
    if any(older.explains(case, item) for item in case.row.found if _whole(item)):
        return
    links = case.endpoint(_("The endpoint's body")) + case.link(_("What the model sees"), "gpt:model")
    if case.from_gpt:
        words = _(
            "ChatGPT had no argument to send. See whether the body's schema is an object with named properties; "
            "free objects and lists at the top give the model nothing to fill in."
        )
    else:
        words = _("The caller sent nothing. A client must send the body with its Content-Type.")
    yield Diagnosis(_("The request body is empty."), words, (), links)


def _whole(item: older.Item) -> bool:
    return [*item.get("location", ())] == ["body"]
