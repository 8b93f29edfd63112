"""Filters of the log's templates: {% load traffic %}."""

import datetime

from django import template
from django.utils.translation import gettext as _

from actionstudio.apps.traffic.masking import is_masked
from actionstudio.apps.web.templatetags.ui import ms
from actionstudio.core.debugging.arguments import said

register = template.Library()
register.filter("hidden", is_masked)


@register.filter
def took(us: int) -> str:
    """A time: in microseconds as long as they are few."""
    return f"{us} µs" if us < 100 else ms(us)


@register.filter
def lasting(time: int | datetime.timedelta) -> str:
    """How long something lasted (milliseconds, or a timedelta), in few signs: 80 ms, 8 s, 3 min, 2 h 5 min."""
    seconds = time.total_seconds() if isinstance(time, datetime.timedelta) else time / 1000
    if seconds < 1:
        return ms(round(seconds * 1_000_000))
    minutes, hours = round(seconds / 60), int(seconds // 3600)
    if seconds < 60:
        return _("%(n)s s") % {"n": round(seconds, 1 if seconds < 10 and round(seconds, 1) % 1 else None)}
    if minutes < 60:
        return _("%(n)s min") % {"n": minutes}
    if hours < 48:
        rest = round((seconds - hours * 3600) / 60)
        return _("%(hours)s h %(minutes)s min") % {"hours": hours + rest // 60, "minutes": rest % 60}
    return _("%(n)s days") % {"n": round(hours / 24)}


@register.filter
def line_of(value) -> str:
    """Any JSON value in one line of text."""
    return said(value)[:500]


@register.filter
def examples(term) -> list[str]:
    """The examples of a term of the filter language, as they are typed."""
    return term.typed
