"""What changed, as sentences: of one call, and of the many calls of a run that show the same change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def change(one: Mapping[str, Any]) -> str:
    """One reason of a verdict (``kind``, ``path``, ``was``, ``now``; core/judging/reasons.py) in words."""
    return SENTENCES.get(one["kind"], _other)(one["path"], one["was"], one["now"])


def calls(n: int) -> str:
    """``38 calls``"""
    return ngettext("%(n)s call", "%(n)s calls", n) % {"n": n}


def _type(path: str, was: str, now: str) -> str:
    became = {
        "string": _("%(path)s became a string."),
        "number": _("%(path)s became a number."),
        "boolean": _("%(path)s became true or false."),
        "array": _("%(path)s became a list."),
        "object": _("%(path)s became an object."),
        "null": _("%(path)s became null."),
    }
    return became.get(now, _("%(path)s has another type.")) % {"path": path}


def _value(path: str, was: str, now: str) -> str:
    if was and now:
        return _("%(path)s has another value, such as %(now)s instead of %(was)s.") % {
            "path": path,
            "was": was,
            "now": now,
        }
    return _("%(path)s has another value.") % {"path": path}


def _at(template: Callable[[], str]) -> Callable[[str, str, str], str]:
    return lambda path, was, now: template() % {"path": path, "was": was, "now": now}


def _list(template: Callable[[], str]) -> Callable[[str, str, str], str]:
    return lambda path, was, now: template() % {"path": path.removesuffix("[*]") or "$"}


def _other(path: str, was: str, now: str) -> str:
    return _("%(path)s differs.") % {"path": path or "$"}


SENTENCES: dict[str, Callable[[str, str, str], str]] = {
    "no-answer": _at(lambda: _("No answer came.")),
    "status": _at(lambda: _("The status became %(now)s; it was %(was)s.")),
    "content-type": _at(lambda: _("The body is no JSON any more; it is %(now)s.")),
    "violations": _at(lambda: _("The answer departs from the contract.")),
    "type": _type,
    "gone": _at(lambda: _("%(path)s is gone.")),
    "missing": _at(lambda: _("%(path)s is missing.")),
    "new": _at(lambda: _("%(path)s is new.")),
    "value": _value,
    "item-gone": _list(lambda: _("%(path)s has lost entries.")),
    "item-new": _list(lambda: _("%(path)s has new entries.")),
    "order": _list(lambda: _("%(path)s is in another order.")),
    "header-gone": _at(lambda: _("The header %(path)s is gone.")),
    "header-new": _at(lambda: _("The header %(path)s is new.")),
    "header": _at(lambda: _("The header %(path)s has another value.")),
    "text": _at(lambda: _("The text of the body differs.")),
}
