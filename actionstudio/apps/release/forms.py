"""Forms for keys and addresses."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.library.forms import ProblemsMixin
from actionstudio.apps.publishing.models import Address


class KeyForm(ProblemsMixin, forms.Form):
    """A new key: random, or typed."""

    name = forms.CharField(label=lazy("Name"), max_length=80)
    text = forms.CharField(
        label=lazy("Key"),
        required=False,
        strip=False,
        max_length=500,
        widget=forms.TextInput(attrs={"class": "mono", "autocomplete": "off", "spellcheck": "false"}),
        help_text=lazy("Empty: a random one is made."),
    )
    encode = forms.BooleanField(label=lazy("Encode it as base64 first (name:password)"), required=False)
    fallback = "text"


class AddressForm(ProblemsMixin, forms.Form):
    """Which revision an address serves, and its own domain."""

    pinned = forms.TypedChoiceField(label=lazy("Serves"), required=False, coerce=int, empty_value=None)
    domain = forms.CharField(
        label=lazy("Own domain"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"placeholder": "api.example.com", "autocomplete": "off"}),
    )
    fallback = "domain"

    @classmethod
    def of(cls, address: Address, numbers: list[int], data=None) -> "AddressForm":
        pinned = address.pinned.number if address.pinned else None
        prefix = f"a{address.pk}"
        initial = {"pinned": pinned, "domain": address.domain or ""}
        form = cls(data, prefix=prefix, initial=initial)
        offered = sorted({*numbers, *([pinned] if pinned else [])}, reverse=True)
        form.fields["pinned"].choices = [("", _("the newest version"))] + [
            (number, _("version v%(n)s only") % {"n": number}) for number in offered
        ]
        return form


class NewAddressForm(ProblemsMixin, forms.Form):
    """A further address."""

    name = forms.CharField(label=lazy("Name"), max_length=100)
    fallback = "name"
