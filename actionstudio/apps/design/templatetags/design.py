"""Small words for the design pages: classes of statuses and findings, the button that cures a finding, addresses."""

from django import template
from django.utils.translation import gettext as _

register = template.Library()
_CURES = {"missing-operation-id": "name.make", "operation-id-characters": "name.make"}
_CLASSES = {"fatal": "e", "drops-op": "e", "drops-param": "w", "degrades": "w", "publish": "w", "advice": "w"}


@register.filter
def statusclass(status: str) -> str:
    """The class of a declared status: "404" and "4XX" alike; "default" has none."""
    return f"s{status[0]}" if status[:1] in ("1", "2", "3", "4", "5") else ""


@register.filter
def lintclass(level: str) -> str:
    """e for what ChatGPT refuses, w for what it ignores or does worse."""
    return _CLASSES.get(level, "w")


@register.filter
def lintfix(finding) -> tuple[str, str] | None:
    """The deed that cures a finding and its words, where one button can do it."""
    deed = _CURES.get(finding.code)
    return (deed, _("Make one from the path")) if deed else None
