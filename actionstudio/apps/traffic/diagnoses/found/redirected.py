"""The answer is a redirect."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from actionstudio.apps.traffic.diagnoses.case import Case
from actionstudio.apps.traffic.diagnoses.diagnosis import Diagnosis, on_call


@on_call("bad")
def look(case: Case) -> Iterator[Diagnosis]:
    """Redirects are "not guaranteed to be followed" (the plugins' documentation), and one to another host never is: the
    credential would travel along."""
    if not 300 <= case.row.status < 400 or case.row.status == 304 or case.row.kind == "oauth":
        return
    to = case.answered.get("location", "")
    facts = ((_("Leads to"), to or _("nowhere")),)
    words = _("Answer at the first address. Common causes: a slash at the end of the path, http instead of https, www.")
    if host(to) and host(to) != case.headers.get("host", "").partition(":")[0]:
        yield Diagnosis(_("The answer is a redirect to another host, which ChatGPT does not follow."), words, facts)
    else:
        yield Diagnosis(_("The answer is a redirect, which ChatGPT may not follow."), words, facts, level="warn")


def host(url: str) -> str:
    """The host that a Location names; "" when it is a path, or unreadable."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
