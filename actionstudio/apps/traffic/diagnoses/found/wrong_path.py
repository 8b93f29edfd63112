"""No endpoint has the path, or it is one that has no such method."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from django.utils.translation import gettext as _

from actionstudio.apps.traffic.diagnoses import older
from actionstudio.apps.traffic.diagnoses.case import Case
from actionstudio.apps.traffic.diagnoses.diagnosis import Diagnosis, on_call
from actionstudio.apps.traffic.diagnoses.older import fits
from actionstudio.apps.traffic.models import met_none


@on_call("bad")
def look(case: Case) -> Iterator[Diagnosis]:
    """The usual causes: the base path stands both in the server's URL and in the path, a slash at the end, another
    letter case. What is right by the older document that ChatGPT has is another matter (old_document)."""
    row = case.row
    if not met_none(row) or older.knew(case):  # the latter is told by old_document
        return
    known = [op.path for op in case.live.operations]
    facts = ((_("Called"), f"{row.method} {row.path}"),)
    links = case.link(_("Endpoints"), "design:endpoints")
    if methods := sorted({op.method for op in case.live.operations if fits(row.path, op.path)}):
        if row.method not in methods:
            words = _("Call it with one of these methods, or add an endpoint with %(method)s.") % {"method": row.method}
            answers = ((_("Answers"), ", ".join(methods)),)
            yield Diagnosis(_("The path is known, the method is not."), words, (*facts, *answers), links)
    elif title := slip(row.path, known):
        yield Diagnosis(title, _("Mend the caller's URL, or the paths here."), facts, links)
    elif "{" in row.path or "%7B" in row.path:
        words = _(
            "The caller did not fill in a path parameter. Its name in the path and in the parameters must be the same."
        )
        yield Diagnosis(_("A path parameter was sent as its name."), words, facts, links)
    elif row.status == 404:
        near = difflib.get_close_matches(row.path, known, 1)
        words = _("Call one of the paths that are there, or add an endpoint with this one.")
        facts += ((_("Nearest"), near[0]),) if near else ()
        yield Diagnosis(_("The path is none of this project's."), words, facts, links)


def slip(path: str, known: list[str]) -> str:
    """What is odd about a path beside the known ones, as a sentence; "" when nothing is."""
    if any(fits(path.rstrip("/") or "/", one.rstrip("/") or "/") for one in known):
        return _("A slash at the end of the path makes it another path.")
    if any(fits(path.lower(), one.lower()) for one in known):
        return _("The path differs from a known one in its capital letters.")
    steps = path.strip("/").split("/")
    for n in range(1, min(3, len(steps))):
        shorter = "/" + "/".join(steps[n:])
        if any(fits(shorter, one) for one in known):
            return _("The path begins with “%(start)s”, which no path here does.") % {
                "start": "/" + "/".join(steps[:n])
            }
    return ""
