"""What a model wrote, as HTML that can do no harm: Markdown without HTML and pictures, with links to the web only."""

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml

_MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])
_TAGS = {
    "a", "blockquote", "br", "code", "em", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "s", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_LOWER = {f"h{level}": f"h{min(6, level + 2)}" for level in range(1, 7)}  # the page has its own first headings


def _picture(renderer, tokens, at, options, env) -> str:
    """No pictures: one of another server would tell it who reads the chat. What would be one is a link."""
    url, token = str(tokens[at].attrGet("src") or ""), tokens[at]
    words = renderer.renderInlineAsText(token.children, options, env) or url
    return f'<a href="{escapeHtml(url)}">{escapeHtml(words)}</a>'


_MARKDOWN.add_render_rule("image", _picture)


def html(text: str) -> SafeString:
    """The text of an answer as HTML. Whatever a text says, no script, style, form or picture comes of it."""
    tokens = _MARKDOWN.parse(text)
    for token in tokens:
        token.tag = _LOWER.get(token.tag, token.tag)
    made = nh3.clean(
        _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}),
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank", "class": "link"}},
    )
    return mark_safe(made)  # cleaned just now
