"""JSON and YAML as HTML with coloured tokens: two small tokenizers, half the markup of a general one."""

import json
import re

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

JSON_TOKEN = re.compile(
    r'(?P<key>"(?:[^"\\]|\\.)*")(?=\s*:)'
    r'|(?P<str>"(?:[^"\\]|\\.)*")'
    r"|(?P<num>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)"
    r"|(?P<lit>\b(?:true|false|null)\b)"
)
YAML_TOKEN = re.compile(
    r"(?P<com>(?:^|(?<=\s))#.*$)"
    r"|(?P<key>^[ \-]*[\w\-/{}$.'\"]+)(?=:(?:\s|$))"
    r"|(?P<str>\"(?:[^\"\\]|\\.)*\"|'[^']*')"
    r"|(?P<num>(?<=[: ])-?\d+(?:\.\d+)?$)"
    r"|(?P<lit>(?<=: )(?:true|false|null)$)",
    re.MULTILINE,
)


def _coloured(text: str, token: re.Pattern) -> SafeString:
    out = []
    at = 0
    for match in token.finditer(text):
        out.append(escape(text[at : match.start()]))
        out.append(f'<span class="t-{match.lastgroup}">{escape(match.group())}</span>')
        at = match.end()
    out.append(escape(text[at:]))
    return mark_safe("".join(out))  # every piece is escaped above


def json_html(value) -> SafeString:
    """A JSON value, or text that may be JSON, with its tokens coloured."""
    text = value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)
    return _coloured(text, JSON_TOKEN)


def yaml_html(text: str) -> SafeString:
    """YAML text with its tokens coloured."""
    return _coloured(text, YAML_TOKEN)
