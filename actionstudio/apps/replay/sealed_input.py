"""A field for a secret that is not lost when its form comes back: it comes along sealed, and is shown to nobody."""

from __future__ import annotations

import base64
import binascii

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _

from actionstudio.apps.publishing import sealing

PLACE = "form"


class SealedInput(forms.PasswordInput):
    """What is typed replaces what was brought along; an empty field leaves it."""

    def render(self, name, value, attrs=None, renderer=None):
        if not value:
            return super().render(name, value, attrs, renderer)
        shown = super().render(name, value, {**(attrs or {}), "placeholder": _("Kept. Type to replace it.")}, renderer)
        sealed = base64.b64encode(sealing.seal(str(value), PLACE)).decode()
        return format_html('{}<input type="hidden" name="{}" value="{}">', shown, brought(name), sealed)

    def value_from_datadict(self, data, files, name):
        typed = data.get(name)
        return typed or _opened(data.get(brought(name), "")) or typed

    def value_omitted_from_data(self, data, files, name):
        return super().value_omitted_from_data(data, files, name) and brought(name) not in data


def brought(name: str) -> str:
    """The name under which a field's sealed text comes along."""
    return f"{name}-sealed"


def _opened(text: str) -> str:
    try:
        return sealing.unseal(base64.b64decode(text, validate=True), PLACE)
    except (binascii.Error, ValueError, sealing.Unreadable):
        return ""
