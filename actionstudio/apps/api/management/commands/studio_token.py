"""manage.py studio_token: prints a new API token."""

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from actionstudio.apps.accounts.models import ApiToken, User


class Command(BaseCommand):
    help = "Prints a new API token for USER (an e-mail address or a user name)."

    def add_arguments(self, parser):
        parser.add_argument("user")
        parser.add_argument("--create", action="store_true", help="make a confirmed account when there is none")
        parser.add_argument("--name", default="studio_token", help="what the token is called in the list")

    @transaction.atomic
    def handle(self, *args, user, create, name, **options):
        row = User.objects.filter(Q(email__iexact=user) | Q(username=user)).first()
        if row is None and not create:
            raise CommandError(_("There is no account “%(user)s”. Add --create to make one.") % {"user": user})
        owner = row or account(user)
        _token, text = ApiToken.mint(owner, name[:80])
        self.stdout.write(text)
        if row is None:  # beside the token, which is often taken into a variable
            self.stderr.write(_("The account has no password yet. To sign in, set one: %(url)s") % {"url": door(owner)})


def account(user: str) -> User:
    """A confirmed account without a password; its owner sets one through ``door``, or by “Forgot the password?”."""
    email = user if "@" in user else f"{user}@localhost.localdomain"
    try:
        validate_email(email)
    except ValidationError as error:
        raise CommandError(_("“%(user)s” is neither a user name nor an e-mail address.") % {"user": user}) from error
    row = User(username=user[:150], email=email)
    row.set_unusable_password()
    row.save()
    EmailAddress.objects.create(user=row, email=email, verified=True, primary=True)
    return row


def door(row: User) -> str:
    """Where that account sets its password: the link of “Forgot the password?”, good until it has been used."""
    told = {"uidb36": user_pk_to_url_str(row), "key": default_token_generator.make_token(row)}
    return settings.STUDIO_PUBLIC_URL + reverse("account_reset_password_from_key", kwargs=told)
