"""The form of a provider's settings."""

from django import forms
from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.library.forms import ProblemsMixin
from actionstudio.apps.oauth import providing
from actionstudio.apps.oauth.models import Provider


def _number(name: str, label, hint) -> forms.IntegerField:
    least, most = providing.BOUNDS[name]
    return forms.IntegerField(label=label, min_value=least, max_value=most, help_text=hint)


class ProviderForm(ProblemsMixin, forms.Form):
    """Who may sign in and how, how long what is issued lives, and the colour of the sign-in pages."""

    development = forms.BooleanField(
        label=lazy("In development: the sign-in page offers the test users"),
        required=False,
        help_text=lazy("Switch it off before other people use the project."),
    )
    signup = forms.BooleanField(label=lazy("People may make an account themselves"), required=False)
    registration = forms.BooleanField(
        label=lazy("Clients may register themselves (RFC 7591)"),
        required=False,
        help_text=lazy("For MCP clients. Whoever asks gets a client; one that nobody uses ends after 30 days."),
    )
    access_seconds = _number(
        "access_seconds",
        lazy("Access token, seconds"),
        lazy("3600 is usual. 59 lets you watch a refresh after a minute."),
    )
    refresh_days = _number(
        "refresh_days",
        lazy("Refresh token, days without use"),
        lazy("0: none is issued, and people sign in again when the access token ends."),
    )
    code_seconds = _number("code_seconds", lazy("Code, seconds"), lazy("60 is enough: ChatGPT redeems it at once."))
    colour = forms.CharField(
        label=lazy("Colour of the sign-in pages"),
        required=False,
        max_length=7,
        help_text=lazy("As #rrggbb. Empty: the studio's own."),
        widget=forms.TextInput(attrs={"class": "mono", "placeholder": "#4f46e5", "autocomplete": "off"}),
    )
    fallback = None

    @classmethod
    def of(cls, provider: Provider, data=None) -> "ProviderForm":
        return cls(data, initial={name: getattr(provider, name) for name in providing.FIELDS})

    def clean_colour(self) -> str:
        """Judged here too, so that it is said together with what is wrong with the numbers."""
        colour = self.cleaned_data["colour"].strip().lower()
        if problem := providing.judge("colour", colour):
            raise forms.ValidationError(problem.message)
        return colour
