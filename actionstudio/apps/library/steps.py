"""The first steps of a project: from nothing to a GPT that calls it."""

from dataclasses import dataclass

from actionstudio.apps.design import load
from actionstudio.apps.library import firstcall, overview
from actionstudio.apps.projects.models import Project
from actionstudio.core.auth import ApiKey, Declared, ServiceHttp
from actionstudio.core.contract import Contract
from actionstudio.core.importer import credential, mending
from actionstudio.core.resolve import Resolver


@dataclass(frozen=True, slots=True)
class Steps:
    """What is done. The log knows whether the mock was called, and whether ChatGPT did it."""

    endpoint: bool
    called: bool
    sign_in: bool
    connected: bool
    declared: bool = False  # the sign-in is the one that the document declares
    curl: str = ""
    document: str = ""

    @property
    def done(self) -> bool:
        return self.endpoint and self.called and self.connected

    @property
    def now(self) -> str:
        """The step that comes next."""
        return next((name for name in ("endpoint", "called", "sign_in", "connected") if not getattr(self, name)), "")


def of(project: Project, contract: Contract | None = None, *, called: bool = False, connected: bool = False) -> Steps:
    """The steps of ``project``. A project that ChatGPT calls has the sign-in it needs, be it none."""
    contract = contract or load.contract(project)
    place = next(iter(overview.places(project)), None)
    base = place.urls[0] if place else ""
    declared = _declared(contract)
    return Steps(
        endpoint=bool(contract.operations),
        called=called or connected,
        sign_in=connected or isinstance(contract.auth, ApiKey | ServiceHttp) or declared,
        connected=connected,
        declared=declared,
        curl=firstcall.curl(contract, base) if base and contract.operations else "",
        document=f"{base}/openapi.json" if base else "",
    )


def _declared(contract: Contract) -> bool:
    """Whether the document itself settles how callers sign in, in a way that ChatGPT can follow."""
    if not isinstance(contract.auth, Declared):
        return False
    resolver = Resolver(contract)
    asked = {op.pointer: resolver.security(op) for op in mending.offered(contract)}
    choice = credential.choose(asked, resolver.schemes())
    return bool(choice.name) and (not choice.denied or "one-credential" in contract.repairs)


def leave(project: Project) -> None:
    """The steps are not shown again."""
    Project.objects.filter(pk=project.pk).update(guided=False)
