"""The forms of accounts: who somebody is, their password, their keys."""

import json
from typing import Any

import orjson
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.library.forms import ProblemsMixin
from actionstudio.apps.oauth import vetting
from actionstudio.apps.oauth.models import EndUser


class PersonForm(ProblemsMixin, forms.Form):
    """Who somebody is, and what the provider says of them."""

    username = forms.CharField(
        label=lazy("Username"),
        max_length=vetting.LONGEST,
        widget=forms.TextInput(attrs={"class": "mono", "autocomplete": "off", "spellcheck": "false"}),
        help_text=lazy("What this person types to sign in: a name, or an e-mail address."),
    )
    name = forms.CharField(
        label=lazy("Name"),
        required=False,
        max_length=vetting.LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = forms.CharField(
        label=lazy("E-mail"),
        required=False,
        max_length=vetting.LONGEST_EMAIL,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    groups = forms.CharField(
        label=lazy("Groups"),
        required=False,
        max_length=vetting.GROUPS_MOST * (vetting.LONGEST_GROUP + 2),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=lazy("One a line, such as staff. Clients that ask for the scope “groups” are told."),
    )
    claims = forms.CharField(
        label=lazy("More claims, as JSON"),
        required=False,
        strip=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6, "class": "mono", "spellcheck": "false"}),
        help_text=lazy('What userinfo and ID tokens say besides, for example {"plan": "gold"}.'),
    )
    test = forms.BooleanField(
        label=lazy("A test user"),
        required=False,
        help_text=lazy("Offered on the sign-in page, without a password, while the project is in development."),
    )
    denies = forms.BooleanField(
        label=lazy("Denies consent"),
        required=False,
        help_text=lazy("A drill: whatever this person is asked to allow, the answer is no."),
    )
    fallback = None

    @classmethod
    def of(cls, user: EndUser, data=None) -> "PersonForm":
        shown: dict[str, Any] = {name: getattr(user, name) for name in ("username", "name", "email", "test", "denies")}
        shown["groups"] = "\n".join(user.groups)
        shown["claims"] = json.dumps(user.claims, indent=2, ensure_ascii=False) if user.claims else ""
        return cls(data, initial=shown)

    def clean_groups(self) -> list[str]:
        return self.cleaned_data["groups"].splitlines()

    def clean_claims(self) -> Any:
        text = self.cleaned_data["claims"]
        if not text.strip():
            return {}
        try:
            return orjson.loads(text)
        except orjson.JSONDecodeError as error:
            place = {"line": error.lineno, "column": error.colno, "what": error.msg}
            raise forms.ValidationError(_("Not JSON, line %(line)s, column %(column)s: %(what)s.") % place) from None
        except UnicodeEncodeError:
            raise forms.ValidationError(_("A text of the claims holds U+0000 or half a character.")) from None


class NewPersonForm(PersonForm):
    """A new account, with a password if there is to be one."""

    password = forms.CharField(
        label=lazy("Password"),
        required=False,
        strip=False,
        max_length=vetting.LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=lazy("At least 10 characters. Without one nobody signs in with a password."),
    )

    def ask_again(self) -> None:
        """After something else was wrong: a page never gets a password back, so its field is empty now."""
        if self.data.get("password") and not self.has_error("password"):
            self.add_error(
                "password",
                _("Type the password again: a page keeps none. Left empty, nobody signs in with one."),
            )


class PasswordForm(ProblemsMixin, forms.Form):
    """Another password."""

    password = forms.CharField(
        label=lazy("New password"),
        strip=False,
        max_length=vetting.LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=lazy("At least 10 characters. All their browsers are signed out; connected apps stay."),
    )
    fallback = "password"


class UserKeyForm(ProblemsMixin, forms.Form):
    """A new key of somebody."""

    name = forms.CharField(label=lazy("Name"), max_length=vetting.LONGEST_KEY)
    fallback = "name"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="key-%s", **kwargs)


class ImportForm(ProblemsMixin, forms.Form):
    """A pasted table of accounts."""

    text = forms.CharField(
        label=lazy("Accounts, as CSV"),
        strip=False,
        max_length=200_000,
        widget=forms.Textarea(
            attrs={
                "rows": 10,
                "class": "mono",
                "spellcheck": "false",
                "placeholder": "username,email,name,groups\nmia,mia@example.com,Mia,staff;admins",
            }
        ),
        help_text=lazy(
            "The first line names the columns: username, email, name, password, groups (with ; between them). Only "
            "username is needed. All accounts are made, or none."
        ),
    )
    fallback = "text"
