"""Fetches a plugin's manifest and document as ChatGPT did: within 15 seconds, over redirects that it followed only."""

from __future__ import annotations

from django.utils.translation import gettext as _

from actionstudio.apps.projects.models import Project
from actionstudio.apps.simulator.calling import acting
from actionstudio.apps.simulator.calling.sending import Got, Line
from actionstudio.apps.web.telling import told
from actionstudio.core.chatgpt import headers
from actionstudio.core.chatgpt.plugin import finding, reading
from actionstudio.core.chatgpt.plugin.reading import Manifest
from actionstudio.core.problem import Problem, Refused

LARGEST = 4_000_000  # bytes of a document
_SENT = (("user-agent", headers.AGENT), ("accept", "*/*"), ("accept-encoding", headers.CODINGS))


def manifest(project: Project, domain: str) -> Manifest:
    """The manifest at a domain. Raises Refused with ChatGPT's words and with what really happened."""
    line = Line(project)
    plain = not line.base_of(f"https://{domain}/") and bool(line.base_of(f"http://{domain}/"))
    try:
        got = _got(line, finding.manifest_url(domain, plain))
        return reading.read(got.body, got.url)
    except Refused as refused:
        words = finding.NO_LOCAL if finding.is_local(domain) else finding.NOT_FOUND
        why = " ".join(told(one.message) for one in refused.problems)
        raise Refused(Problem("/domain", f"{words} {why}", refused.problems[0].code)) from None


def document(project: Project, url: str) -> str:
    """The text of the document behind ``api.url``. Raises Refused."""
    got = _got(Line(project), url)
    if len(got.body) > LARGEST:
        raise Refused(Problem("/api/url", _("The document is larger than 4 MB."), "large"))
    return acting.texts_of(got.body).replace("\0", "\ufffd")


def _got(line: Line, url: str) -> Got:
    """The good answer at the end of the redirects that ChatGPT followed."""
    here = url
    for _hop in range(finding.HOPS + 1):
        got = line.send("GET", here, _SENT, seconds=finding.SECONDS)
        if not got.location:
            return _good(got)
        if not finding.follows(here, got.location):
            words = _(
                "%(here)s redirects to %(there)s: only children of a domain are followed, and www to the bare one."
            )
            names = {"here": here[:200], "there": got.location[:200]}
            raise Refused(Problem("", words % names, "PL-15"))
        here = got.location
    raise Refused(Problem("", _("It redirects more than %(n)s times.") % {"n": finding.HOPS}, "PL-15"))


def _good(got: Got) -> Got:
    if got.error == "time":
        words = _("%(url)s did not answer within %(n)s seconds.") % {"url": got.url[:200], "n": int(finding.SECONDS)}
        raise Refused(Problem("", words, "time"))
    if got.error:
        why = got.detail or got.error
        raise Refused(Problem("", _("%(url)s: %(why)s") % {"url": got.url[:200], "why": why}, got.error))
    if got.status != 200:
        words = _("%(url)s answers with %(status)s.") % {"url": got.url[:200], "status": got.status}
        raise Refused(Problem("", words, "status"))
    return got
