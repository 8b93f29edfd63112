"""Leases: repeated work that one of several processes does, taken by a conditional update and never by two."""

import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string

from actionstudio.apps.projects.models import Lease

LENGTH = 15.0  # seconds a lease lasts; whoever holds it renews it with each piece of work
ME = get_random_string(32)  # this process


def hold(name: str, seconds: float = LENGTH, holder: str = "") -> bool:
    """Takes or renews the lease; says whether this process (or ``holder``) has it now."""
    holder, now = holder or ME, timezone.now()
    until = now + datetime.timedelta(seconds=seconds)
    rows = Lease.objects.filter(name=name)
    if rows.filter(holder=holder).update(until=until) or rows.filter(until__lt=now).update(holder=holder, until=until):
        return True
    if rows.exists():
        return False
    try:
        with transaction.atomic():
            Lease.objects.create(name=name, holder=holder, until=until)
    except IntegrityError:  # another was faster, and may have given it back by now: get_or_create would raise then
        return False
    return True


def release(name: str, holder: str = "") -> None:
    """Gives the lease back, so that another process need not wait for its end."""
    Lease.objects.filter(name=name, holder=holder or ME).delete()
