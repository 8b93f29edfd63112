"""Filters of the log's templates: {% load traffic %}."""

from django import template

from actionstudio.apps.traffic.masking import is_masked
from actionstudio.apps.web.templatetags.ui import ms

register = template.Library()
register.filter("hidden", is_masked)


@register.filter
def took(us: int) -> str:
    """A time: in microseconds as long as they are few."""
    return f"{us} µs" if us < 100 else ms(us)
