"""The URL that the browser was sent to, brought by hand: for providers that allow another callback only."""

from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from actionstudio.apps.signin import emulating, words
from actionstudio.apps.signin.runs import AWAY, READY, Run

LONGEST = 20_000


def paste(run: Run, owner, text: str) -> str:
    """Goes on with what was pasted. Returns why not, "" when it does."""
    text = text.strip()
    if not run.holds or run.stage not in (READY, AWAY):
        return _("This run does not wait for a URL. Begin a new one.")
    if not text:
        return _("Paste the URL from the browser's address bar.")
    try:
        parts = urlsplit(text)
    except ValueError:
        return _("This is no URL. Copy the whole of the address bar.")
    if len(text) > LONGEST or not parts.scheme:
        return _("This is no URL. Copy the whole of the address bar.")
    if text.partition("?")[0].partition("#")[0] != run.setup.redirect_uri.partition("?")[0]:
        said = _("This is not where the run sends the browser: it must begin with %(url)s")
        return said % {"url": run.setup.redirect_uri}
    found = emulating.returned(run, owner, parts.query)
    if found is None:
        return _("This run has gone on already. Look at its steps.")
    if found.failed and run.stage == AWAY:  # it waits on: another URL may be the right one
        told = words.of(found.code)
        return f"{told.title}. {told.cure}" if told else _("This URL is not the answer to this run.")
    return ""
