"""Small words for the design pages: classes of statuses and findings, the button that cures a finding, addresses."""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
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


@register.simple_tag
def endpoint_buttons(pk: int, label: str, exposed: bool) -> str:
    """The buttons of one row. A list of 500 rows would render 2,000 of them: the template runs once per language."""
    text = _buttons(get_language(), bool(exposed))
    return mark_safe(text.replace("[[pk]]", str(int(pk))).replace("[[label]]", escape(label)))


@lru_cache(maxsize=40)
def _buttons(language: str | None, exposed: bool) -> str:
    context = {"pk": "[[pk]]", "label": "[[label]]", "exposed": exposed}
    return render_to_string("design/endpoint_buttons.html", context)
