"""Filters of the log's templates: {% load traffic %}."""

from django import template

from actionstudio.apps.traffic.masking import is_masked
from actionstudio.apps.web.templatetags.ui import ms

register = template.Library()
register.filter("hidden", is_masked)


@register.filter
def stage_time(us: int) -> str:
    """A stage's time: microseconds as long as they are few."""
    return f"{us} µs" if us < 1000 else ms(us)
