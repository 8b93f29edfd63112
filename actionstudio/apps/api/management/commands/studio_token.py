"""manage.py studio_token: prints a new API token."""

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
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
        _token, text = ApiToken.mint(row or account(user), name[:80])
        self.stdout.write(text)


def account(user: str) -> User:
    """A confirmed account without a password; its owner sets one by “forgotten password”."""
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
