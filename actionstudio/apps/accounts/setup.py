"""The first account of an empty installation: every page leads to /setup/ until it exists.

When the server listens on more than this machine, whoever comes first must know the one-time code that the server
printed; it lies in the data folder until it is used.
"""

import ipaddress
import os
import secrets
from pathlib import Path

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.shortcuts import redirect
from django.urls import reverse

from actionstudio.apps.accounts.models import User

OPEN_PREFIXES = ("/setup/", "/static/", "/language/", "/api/", "/live/", "/healthz/")


def is_needed() -> bool:
    """Is there no account yet?"""
    return not User.objects.exists()


def is_guarded() -> bool:
    """Can somebody else than this machine's users reach the server?"""
    host = settings.STUDIO_HOST.strip("[]")
    if host == "localhost":
        return False
    try:
        return not ipaddress.ip_address(host).is_loopback
    except ValueError:
        return True


def _code_file() -> Path:
    return Path(settings.STUDIO_DATA_DIR) / "setup_code"


def code() -> str:
    """The one-time code, made when first asked for."""
    path = _code_file()
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write("-".join(secrets.token_hex(2) for _ in range(3)))
    except FileExistsError:
        pass
    return path.read_text().strip()


def address() -> str:
    """Where to make the first account, code included; what ``make run`` prints. Empty when one exists."""
    if not is_needed():
        return ""
    page = settings.STUDIO_PUBLIC_URL + reverse("accounts:setup")
    return f"{page}?code={code()}" if is_guarded() else page


def is_right_code(text: str) -> bool:
    """Does ``text`` open the door? Where no code is asked for, anything does."""
    return not is_guarded() or secrets.compare_digest(text.strip().encode(), code().encode())


@transaction.atomic
def create_first(email: str, password: str, name: str = "") -> User | None:
    """The first account, its address taken as confirmed; None when somebody was quicker."""
    if User.objects.select_for_update().exists():
        return None
    user = User(username=email[:150], email=email, first_name=name, is_staff=True)
    user.set_password(password)
    user.save()
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    _code_file().unlink(missing_ok=True)
    return user


class SetupMiddleware:
    """Leads every page of an empty installation to the set-up."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.user.is_authenticated and not request.path.startswith(OPEN_PREFIXES) and is_needed():
            return redirect("accounts:setup")
        return self.get_response(request)
