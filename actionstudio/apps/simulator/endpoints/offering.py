"""Which models a person may use: their own, and those for everybody on this installation."""

from __future__ import annotations

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from actionstudio.apps.simulator.endpoints.keeping import OPENAI, is_set
from actionstudio.apps.simulator.models import Endpoint


def offered(user) -> QuerySet[Endpoint]:
    """The endpoints that ``user`` may ask, their own first. The environment's one is made when it is first wanted."""
    _from_environment()
    found = Endpoint.objects.filter(Q(user=user) | Q(user=None))
    found = found if is_set() else found.exclude(environment=True)
    return found.order_by(F("user").asc(nulls_last=True), "name", "pk")


def one(user, pk: int) -> Endpoint:
    """An endpoint that ``user`` may ask; else 404."""
    found = offered(user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def changeable(user, pk: int) -> Endpoint:
    """An endpoint that ``user`` may change: their own, and as staff those for everybody; else 404."""
    found = one(user, pk)
    if found.user_id != user.pk and not user.is_staff:
        raise Http404
    return found


def _from_environment() -> None:
    """The row that stands for OPENAI_BASE_URL and OPENAI_API_KEY: chats refer to rows."""
    if not is_set() or Endpoint.objects.filter(environment=True).exists():
        return
    base_url = settings.OPENAI_BASE_URL or OPENAI
    name = settings.OPENAI_MODEL
    if Endpoint.objects.filter(user=None, name=name).exists():
        name = _("%(name)s (environment)") % {"name": name[:60]}
    Endpoint.objects.get_or_create(
        user=None, name=name, defaults={"environment": True, "model": settings.OPENAI_MODEL, "base_url": base_url}
    )
