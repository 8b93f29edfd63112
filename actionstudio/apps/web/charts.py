"""Small charts as SVG, drawn on the server: a sparkline and the histogram of the log."""

from collections.abc import Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _


def sparkline(values: Sequence[int], width: int = 96, height: int = 22, label: str = "") -> SafeString:
    """One bar a value, as high as its share of the highest."""
    values = list(values)
    most = max(values, default=0) or 1
    step = width / max(1, len(values))
    bars = "".join(
        _bar(at * step + 0.5, step - 1, max(1, value / most * height), height) for at, value in enumerate(values)
    )
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    named = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return mark_safe(f'<svg class="spark" {size} {named}>{bars}</svg>')


def _bar(x: float, width: float, bar_height: float, height: int, kind: str = "") -> str:
    classed = f' class="{kind}"' if kind else ' rx=".6"'
    return f'<rect{classed} x="{x:.1f}" y="{height - bar_height:.1f}" width="{width:.1f}" height="{bar_height:.1f}"/>'


def histogram(
    values: Sequence[int],
    errors: Sequence[int],
    titles: Sequence[str] = (),
    label: str = "",
    width: int = 1000,
    height: int = 44,
) -> SafeString:
    """Bars of calls with the failed ones in red at their foot. ``titles`` names each bar when pointed at."""
    most = max(values, default=0) or 1
    step = width / max(1, len(values))
    groups = []
    for at, (value, failed) in enumerate(zip(values, errors, strict=True)):
        words = _("%(calls)s calls, %(failed)s errors") % {"calls": value, "failed": failed}
        title = f"{titles[at]}: {words}" if at < len(titles) else words
        bars = _bar(at * step, step, height, height, "hit")
        if value:
            bars += _bar(at * step + 1, step - 2, max(1, value / most * height), height, "ok")
        if failed:
            bars += _bar(at * step + 1, step - 2, max(1, failed / most * height), height, "er")
        groups.append(f'<g class="hb"><title>{escape(title)}</title>{bars}</g>')
    name = escape(label or _("Calls over time"))
    size = f'viewBox="0 0 {width} {height}" preserveAspectRatio="none"'
    return mark_safe(f'<svg class="histo" {size} role="img" aria-label="{name}">{"".join(groups)}</svg>')
