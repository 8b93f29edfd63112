"""The two sides of a compared line with what changed in them marked: line|left_marked, line|right_marked."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def left_marked(line) -> SafeString:
    """The old side; what went is in <del>."""
    return _marked(line.left, line.left_spans, "del")


@register.filter
def right_marked(line) -> SafeString:
    """The new side; what came is in <ins>."""
    return _marked(line.right, line.right_spans, "ins")


def _marked(text: str | None, spans, tag: str) -> SafeString:
    """``spans`` are (start, end) in ``text``."""
    text, at, pieces = text or "", 0, []
    for start, end in spans:
        pieces += [("", text[at:start]), (tag, text[start:end])]
        at = end
    pieces.append(("", text[at:]))
    return format_html_join("", "{}", ((_piece(kind, part),) for kind, part in pieces if part))


def _piece(kind: str, part: str) -> str:
    return format_html(f"<{kind}>{{}}</{kind}>", part) if kind else part
