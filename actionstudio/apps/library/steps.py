"""The first steps of a project: from nothing to a GPT that calls it."""

from dataclasses import dataclass

from actionstudio.apps.design import load
from actionstudio.apps.library import firstcall, overview
from actionstudio.apps.projects.models import Project
from actionstudio.core.auth import NoAuth
from actionstudio.core.contract import Contract


@dataclass(frozen=True, slots=True)
class Steps:
    """What is done. The log knows whether the mock was called, and whether ChatGPT did it."""

    endpoint: bool
    called: bool
    sign_in: bool
    connected: bool
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
    return Steps(
        endpoint=bool(contract.operations),
        called=called or connected,
        sign_in=connected or not isinstance(contract.auth, NoAuth),
        connected=connected,
        curl=firstcall.curl(contract, base) if base and contract.operations else "",
        document=f"{base}/openapi.json" if base else "",
    )


def leave(project: Project) -> None:
    """The steps are not shown again."""
    Project.objects.filter(pk=project.pk).update(guided=False)
