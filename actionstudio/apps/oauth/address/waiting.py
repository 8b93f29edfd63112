"""How long somebody has to wait, in words."""

import math

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def too_many(seconds: int) -> str:
    """What somebody reads who tried too often."""
    return _("Too many tries. Try again in %(time)s.") % {"time": span(seconds)}


def span(seconds: int) -> str:
    """A time in its largest unit, rounded up: 40 seconds, 5 minutes, 2 hours, 30 days."""
    if seconds < 60:
        return ngettext("%(n)s second", "%(n)s seconds", seconds) % {"n": seconds}
    if seconds < 3600:
        minutes = math.ceil(seconds / 60)
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    if seconds < 2 * 86_400:
        hours = math.ceil(seconds / 3600)
        return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    days = math.ceil(seconds / 86_400)
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
