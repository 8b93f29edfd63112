"""Whose address is being answered: the toolkit and our own code ask here instead of carrying it along."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from actionstudio.apps.oauth import offered
from actionstudio.core.auth import OAuth, Scope
from actionstudio.runtime.app import BELOW_LIVE
from actionstudio.runtime.ports import Hosted

if TYPE_CHECKING:
    from actionstudio.apps.oauth.models import Client, Provider


@dataclass
class Tenant:
    """The address of this request. ``base`` is the index of its base URL that was called; ``client`` the caller's IP.

    ``notes`` is what this leg tells of itself, for the log and the sign-in test: ``leg``, ``outcome`` (ok | failed |
    waiting), ``code`` (what was wrong), and facts without secrets. ``sign_in`` is the SignIn it belongs to, "" for
    none; ``run`` is what changes of that row (tracing.py). ``caller`` is the client that has shown its secret. ``wait``
    are seconds that the answer is to be held back. ``known`` is the row of ``provider`` once it was read.
    """

    hosted: Hosted
    base: int
    client: str = ""
    notes: dict[str, Any] = field(default_factory=dict)
    sign_in: str = ""
    wait: float = 0.0
    run: dict[str, Any] = field(default_factory=dict)
    caller: Client | None = None
    known: Provider | None = None

    @property
    def project_id(self) -> int:
        return self.hosted.project_id

    @property
    def issuer(self) -> str:
        """The provider's name: the base URL that was called, to the letter (RFC 8414, section 2)."""
        return self.hosted.base_urls[self.base]

    @property
    def below_live(self) -> bool:
        """Whether the address shares its host with the studio's pages."""
        return self.base == BELOW_LIVE

    @property
    def provider(self) -> Provider:
        from actionstudio.apps.oauth.models import Provider
        from actionstudio.apps.projects.models import Project

        if self.known is None:
            self.known = Provider.objects.filter(project_id=self.project_id).first()
        if self.known is None:
            self.known = Provider.of(Project.objects.get(pk=self.project_id))
        return self.known

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """The project's own scopes: what a client gets that asks for none."""
        auth = self.hosted.contract.auth
        return auth.scopes if isinstance(auth, OAuth) else ()

    @property
    def offered(self) -> tuple[Scope, ...]:
        """What the project's clients can ask for: its own scopes, and those of OpenID Connect (offered.py)."""
        return offered.scopes(self.hosted.contract.auth)

    def tell(self, **notes: Any) -> None:
        """Adds to what this leg tells of itself."""
        self.notes.update(notes)


_current: ContextVar[Tenant | None] = ContextVar("tenant", default=None)


@contextmanager
def entered(tenant: Tenant) -> Iterator[Tenant]:
    """Inside, ``current`` is this tenant."""
    token = _current.set(tenant)
    try:
        yield tenant
    finally:
        _current.reset(token)


def current() -> Tenant:
    """The address being answered. Raises LookupError outside of one."""
    tenant = _current.get()
    if tenant is None:
        raise LookupError("no address is being answered")
    return tenant


def project_id() -> int | None:
    """The project of the address being answered, None outside of one: the default of a client's project."""
    tenant = _current.get()
    return None if tenant is None else tenant.project_id
