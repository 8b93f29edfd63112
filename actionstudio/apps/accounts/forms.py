"""Forms of the account pages."""

import datetime
import zoneinfo

from allauth.account.forms import LoginForm as AllauthLoginForm
from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actionstudio.apps.accounts import setup
from actionstudio.apps.accounts.models import User

LIFETIMES = ((30, _("30 days")), (90, _("90 days")), (365, _("1 year")), (0, _("No expiry")))


class LoginForm(AllauthLoginForm):
    """Sign-in: the address as user name, so that password managers fill both fields."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail address")
        self.fields["login"].widget.attrs.update(autocomplete="username webauthn", autofocus=True, placeholder="")
        self.fields["password"].widget.attrs["placeholder"] = ""
        self.fields["password"].help_text = ""


class SetupForm(forms.Form):
    """The first account."""

    code = forms.CharField(
        label=_("Set-up code"),
        help_text=_("The server printed it when it started. It also lies in the file setup_code of the data folder."),
    )
    email = forms.EmailField(
        label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    name = forms.CharField(
        label=_("Your name"), required=False, max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=_("At least 10 characters."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=True),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not setup.is_guarded():
            del self.fields["code"]

    def clean_code(self):
        if not setup.is_right_code(self.cleaned_data["code"]):
            raise forms.ValidationError(_("That is not the code the server printed."))
        return self.cleaned_data["code"]

    def clean_email(self):
        return self.cleaned_data["email"].lower()

    def clean_password(self):
        email = self.cleaned_data.get("email", "")
        password_validation.validate_password(self.cleaned_data["password"], User(email=email, username=email))
        return self.cleaned_data["password"]


class ProfileForm(forms.ModelForm):
    """Name, language, look, time zone, keyboard."""

    language = forms.ChoiceField(label=_("Language"), required=False)
    theme = forms.ChoiceField(
        label=_("Theme"),
        required=False,
        choices=[("", _("As the system")), ("light", _("Light")), ("dark", _("Dark"))],
    )
    timezone = forms.ChoiceField(
        label=_("Time zone"), required=False, help_text=_("Times in the log and in lists are shown in this zone.")
    )

    class Meta:
        model = User
        fields = ["first_name", "language", "theme", "timezone", "shortcuts"]
        labels = {"first_name": _("Name"), "shortcuts": _("Single-letter keyboard shortcuts")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [("", _("As the browser")), *settings.LANGUAGES]
        zones = sorted(zone for zone in zoneinfo.available_timezones() if "/" in zone and not zone.startswith("Etc/"))
        self.fields["timezone"].choices = [("", "UTC"), *((zone, zone.replace("_", " ")) for zone in zones)]
        self.fields["first_name"].widget.attrs["autocomplete"] = "name"


class TokenForm(forms.Form):
    """A new API token: what it is for, and until when."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("What it is for, such as “deploy script”."))
    days = forms.TypedChoiceField(label=_("Expires after"), choices=LIFETIMES, coerce=int, initial=90)

    def expires(self) -> datetime.datetime | None:
        days = self.cleaned_data["days"]
        return timezone.now() + datetime.timedelta(days=days) if days else None


class InvitationForm(forms.Form):
    """An invitation: for whom, when a mail shall go out."""

    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        help_text=_("When given, the link is sent there too. Without it you copy the link and send it yourself."),
    )
