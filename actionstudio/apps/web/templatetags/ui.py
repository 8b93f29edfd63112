"""The kit's template tags and filters; a builtin, so no {% load %}.

Tags:    {% icon "plus" %}  {% spark values %}  {% histo values errors %}  {% jtree value %}  {% copy_button text %}
Filters: value|hljson  text|hlyaml  status|scls  moment|ago  size|bytes  microseconds|ms  amount|dollars  field|control
         sentence|told  code|rule_url  text|soft
"""

import datetime

from django import template
from django.template.defaultfilters import date as format_date
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actionstudio.apps.web import charts, highlight, json_tree, navigation, rules, softening
from actionstudio.apps.web.telling import told

register = template.Library()
register.filter("hljson", highlight.json_html)
register.filter("hlyaml", highlight.yaml_html)
register.filter("told", told)
register.filter("soft", softening.soft)
register.filter("rule_url", rules.url_of)
register.simple_tag(charts.sparkline, name="spark")
register.simple_tag(charts.histogram, name="histo")
register.simple_tag(json_tree.json_tree, name="jtree")


@register.simple_tag
def icon(name: str, label: str = "", cls: str = ""):
    """A Lucide icon of the sprite. With a label it is an image that says so; without, decoration."""
    classes = f"i {cls}".strip()
    sprite = static("vendor/icons.svg")
    if label:
        markup = '<svg class="{}" role="img" aria-label="{}"><use href="{}#{}"/></svg>'
        return format_html(markup, classes, label, sprite, name)
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', classes, sprite, name)


@register.simple_tag
def copy_button(text: str, label: str = "", cls: str = "btn sm icon"):
    """A button that copies ``text``. With a label it shows it; without, only the icon."""
    name = label or _("Copy")
    inner = format_html("{}{}", icon("copy"), label)
    markup = '<button class="{}" type="button" data-copy="{}"{}>{}</button>'
    aria = "" if label else format_html(' aria-label="{}"', name)
    return format_html(markup, cls if not label else cls.replace(" icon", ""), text, aria, inner)


@register.filter
def scls(status) -> str:
    """The class of an HTTP status: s2, s3, s4, s5. No answer (0) looks like the worst of them."""
    return f"s{int(status) // 100 or 5}"


@register.filter
def ago(moment):
    """How long ago, as <time> with the exact moment as its title."""
    if not moment:
        return "–"
    seconds = (timezone.now() - moment).total_seconds()
    local = timezone.localtime(moment)
    exact = format_date(local, "j M Y, H:i:s e")
    return format_html('<time datetime="{}" title="{}">{}</time>', moment.isoformat(), exact, _relative(seconds, local))


def _relative(seconds: float, local: datetime.datetime) -> str:
    if seconds < -60:
        return format_date(local, "j M Y")
    if seconds < 45:
        return _("just now")
    minutes, hours, days = round(seconds / 60), round(seconds / 3600), round(seconds / 86400)
    if minutes < 60:
        return ngettext("%(n)s min ago", "%(n)s min ago", max(1, minutes)) % {"n": max(1, minutes)}
    if hours < 24:
        return ngettext("%(n)s hour ago", "%(n)s hours ago", hours) % {"n": hours}
    if days < 30:
        return ngettext("%(n)s day ago", "%(n)s days ago", days) % {"n": days}
    return format_date(local, "j M Y")


@register.filter("bytes")
def byte_size(size) -> str:
    """A size in B, kB or MB (powers of ten)."""
    size = int(size or 0)
    for limit, unit, name in ((1000, 1, "B"), (1_000_000, 1000, "kB"), (10**9, 10**6, "MB"), (10**15, 10**9, "GB")):
        if size < limit:
            places = 0 if unit == 1 or size >= 100 * unit else 1
            return f"{formats.number_format(size / unit, places, use_l10n=True)} {name}"
    return f"{size} B"


@register.filter
def ms(microseconds) -> str:
    """Microseconds as milliseconds: 0.4 ms, 12 ms, 1,204 ms."""
    value = (microseconds or 0) / 1000
    places = 1 if 0 < value < 10 else 0
    return f"{formats.number_format(value, places, use_l10n=True, force_grouping=True)} ms"


@register.filter
def dollars(amount) -> str:
    """US dollars: $2.50, and small amounts to three digits: $0.000213."""
    if amount is None:
        return "–"
    places = 2
    while 0 < amount < 10 ** (1 - places) and places < 8:
        places += 1
    places = places + 1 if places > 2 else places
    return f"${formats.number_format(amount, places, use_l10n=True, force_grouping=True)}"


@register.filter
def chance(p: float) -> str:
    """The p of a test as papers write it: p = 0.032, and p < 0.001 for what three digits would call impossible."""
    sign, shown = ("<", 0.001) if p < 0.001 else ("=", round(p, 3))
    return f"p {sign} {formats.number_format(shown, 3, use_l10n=True)}"


@register.filter
def control(field):
    """A bound form field's input with our classes, and its hint and errors named for screen readers."""
    widget = field.field.widget
    described = []
    if field.errors:
        described.append(f"{field.id_for_label}-err")
    if field.help_text:
        described.append(f"{field.id_for_label}-hint")
    attrs = {"class": f"{_widget_class(widget)} {widget.attrs.get('class', '')}".strip()}
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if field.errors:
        attrs["aria-invalid"] = "true"
    return field.as_widget(attrs=attrs)


def _widget_class(widget) -> str:
    kinds = {"select": "sel", "checkbox": "chk", "textarea": "ta"}
    kind = getattr(widget, "input_type", "textarea")
    return kinds.get(kind, "inp")


@register.simple_tag(takes_context=True, name="navigation")
def sidebar(context):
    """The sidebar's sections for the page's ``project``."""
    return navigation.sections(context.get("project"))


@register.simple_tag(takes_context=True)
def palette(context):
    """The palette's commands, with the page's own ``commands``."""
    return navigation.commands(context.get("project"), context.get("commands") or ())


@register.simple_tag
def shortcut_list():
    """The keyboard shortcuts and what they do."""
    return navigation.SHORTCUTS
