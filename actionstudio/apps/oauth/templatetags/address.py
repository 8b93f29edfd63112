"""Tags of the pages on an address: {% load address %}. Their files lie on the address itself, not in the studio.

Tags:    {% asset "css/base.css" %}  {% icon "eye" %}  {% form_token %}
"""

from django import template
from django.utils.html import format_html

from actionstudio.apps.oauth import sessions
from actionstudio.apps.oauth.address import assets

register = template.Library()
register.simple_tag(assets.url, name="asset")


@register.simple_tag
def icon(name: str, label: str = ""):
    """As the studio's own ``icon``, from the address's copy of the sprite."""
    sprite = assets.url("vendor/icons.svg")
    if label:
        markup = '<svg class="i" role="img" aria-label="{}"><use href="{}#{}"/></svg>'
        return format_html(markup, label, sprite, name)
    return format_html('<svg class="i" aria-hidden="true"><use href="{}#{}"/></svg>', sprite, name)


@register.simple_tag(takes_context=True)
def form_token(context):
    """The hidden field that every form on an address carries (sessions.py)."""
    token = context["request"].browser.token()
    return format_html('<input type="hidden" name="{}" value="{}">', sessions.FIELD, token)
