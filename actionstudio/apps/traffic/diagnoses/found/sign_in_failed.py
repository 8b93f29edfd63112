"""A leg of a sign-in failed."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from actionstudio.apps.traffic import legs
from actionstudio.apps.traffic.decisions import shown
from actionstudio.apps.traffic.diagnoses.case import Case
from actionstudio.apps.traffic.diagnoses.diagnosis import Diagnosis, on_call


@on_call("bad")
def look(case: Case) -> Iterator[Diagnosis]:
    """ChatGPT shows one line for every failure of a sign-in; the sign-in test tells which leg it was and why."""
    if case.row.kind != "oauth":
        return
    failed = legs.failure(case.row)
    if failed is None or legs.noted(case.row).get("fault"):
        return
    facts = ((_("What was wrong"), shown(failed["code"])),) if failed.get("code") else ()
    run = case.row.run
    links = case.link(_("The whole sign-in"), "signin:handshake-run", run) if run else ()
    words = _("Open the whole sign-in: it shows each leg, the reason, and the repair.")
    yield Diagnosis(_("The sign-in broke off here."), words, facts, links)
