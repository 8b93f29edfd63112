"""A JSON value as a tree of <details>: folds without script; a leaf copies its path when clicked."""

import json

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actionstudio.apps.web.highlight import json_html

OPEN_DEPTH = 2
MOST_CHILDREN = 200  # per node; a body of 100,000 items is read in the raw view


def json_tree(value, name="$") -> SafeString:
    """The tree of ``value``; its first levels are open."""
    return mark_safe(f'<ul class="jtree">{_node(value, name, "$", 0)}</ul>')  # every piece is escaped below


def _label(name) -> str:
    kind = "t-idx" if isinstance(name, int) else "t-key"
    return f'<span class="{kind}">{escape(name)}</span>'


def _node(value, name, path: str, depth: int) -> str:
    if isinstance(value, dict):
        children = [(key, f"{path}.{key}", item) for key, item in value.items()]
        size = ngettext("%(n)s key", "%(n)s keys", len(value)) % {"n": len(value)}
        return _branch(children, name, "{} " + size, depth)
    if isinstance(value, list):
        children = [(at, f"{path}[{at}]", item) for at, item in enumerate(value)]
        size = ngettext("%(n)s item", "%(n)s items", len(value)) % {"n": len(value)}
        return _branch(children, name, "[] " + size, depth)
    title = escape(_("Copy path %(path)s") % {"path": path})
    shown = json_html(json.dumps(value, ensure_ascii=False))
    return f'<li><span class="leaf" data-copy="{escape(path)}" title="{title}">{_label(name)}: {shown}</span></li>'


def _branch(children: list, name, size: str, depth: int) -> str:
    inner = "".join(_node(item, key, path, depth + 1) for key, path, item in children[:MOST_CHILDREN])
    if len(children) > MOST_CHILDREN:
        left = len(children) - MOST_CHILDREN
        words = ngettext("and %(n)s more", "and %(n)s more", left) % {"n": left}
        inner += f'<li class="muted">{escape(words)}</li>'
    opened = " open" if depth < OPEN_DEPTH else ""
    head = f'<summary>{_label(name)} <span class="muted">{escape(size)}</span></summary>'
    return f"<li><details{opened}>{head}<ul>{inner}</ul></details></li>"
