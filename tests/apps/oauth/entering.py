"""Enters a project's address, as a request to its provider does."""

from contextlib import contextmanager

from actionstudio.apps.oauth import tenancy, tracing
from actionstudio.apps.publishing.source import DatabaseSource
from actionstudio.core.auth import OAuth, Scope
from tests import make

ORDERS = OAuth((Scope("orders:read", "Read your orders"), Scope("orders:write", "Change your orders", True)))


def shop(slug="shop", **fields):
    """A project whose people sign in on its own address."""
    return make.project(slug, value=make.contract(auth=ORDERS), **fields)


@contextmanager
def request(project):
    """Inside, one request to the project's address is answered; at the end its story is kept."""
    tenant = tenancy.Tenant(DatabaseSource().load(project.slug), 0, "203.0.113.9")
    with tenancy.entered(tenant):
        yield tenant
    tracing.settle(tenant)
