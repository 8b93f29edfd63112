"""Whether a password is right: as slow for an account that is not there, and never more at once than memory allows."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth.hashers import check_password, make_password

from actionstudio.apps.oauth.models import EndUser

_AT_ONCE = threading.BoundedSemaphore(4)  # each hash needs 19 MiB (accounts/hashers.py)


@contextmanager
def hashing() -> Iterator[None]:
    """Inside, a password may be hashed."""
    with _AT_ONCE:
        yield


def right(user: EndUser | None, text: str) -> bool:
    """Whether ``text`` is the password of ``user``. Takes as long for nobody, and for one who has no password."""
    with hashing():
        if user is None or not user.password:
            make_password(text)
            return False
        return check_password(text, user.password, lambda same: _rehash(user, same))


def _rehash(user: EndUser, text: str) -> None:
    """The settings ask for another hash than the one that is kept."""
    user.set_password(text)
    user.save(update_fields=["password"])
