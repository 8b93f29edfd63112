"""The first steps of a project: from nothing to a GPT that calls it.

Apps after this one register with :func:`needs` what the project's sign-in still lacks, such as a client.
"""

from collections.abc import Callable
from dataclasses import dataclass

from actionstudio.apps.design import load
from actionstudio.apps.library import firstcall, overview
from actionstudio.apps.projects.models import Project
from actionstudio.core.auth import ApiKey, Declared, OAuth, ServiceHttp, UserHttp
from actionstudio.core.contract import Contract
from actionstudio.core.importer import credential, mending
from actionstudio.core.resolve import Resolver


@dataclass(frozen=True, slots=True)
class Need:
    """What a sign-in that was chosen still lacks: ``title`` is what to do at ``url``, ``words`` why."""

    title: str
    words: str
    url: str


_NEEDS: list[Callable[[Project, Contract], Need | None]] = []


def needs(work: Callable[[Project, Contract], Need | None]) -> Callable[[Project, Contract], Need | None]:
    """Marks what is asked for the sign-in of every project: what it lacks, None when nothing."""
    if work not in _NEEDS:
        _NEEDS.append(work)
    return work


@dataclass(frozen=True, slots=True)
class Steps:
    """What is done. The log knows whether the mock was called, and whether ChatGPT did it."""

    endpoint: bool
    called: bool
    sign_in: bool
    connected: bool
    declared: bool = False  # the sign-in is the one that the document declares
    curl: str = ""
    by_person: str = ""  # an operation, as URLs name it, that only somebody who signed in here can call
    document: str = ""
    need: Need | None = None  # what the sign-in that was chosen still lacks

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
    curl = firstcall.curl(contract, base) if base and contract.operations else ""
    by_person = isinstance(contract.auth, OAuth) and contract.auth.ours and firstcall.KEY in curl
    declared = _declared(contract)
    chosen = isinstance(contract.auth, ApiKey | ServiceHttp | UserHttp | OAuth) or declared
    need = None if connected else next(filter(None, (work(project, contract) for work in _NEEDS)), None)
    return Steps(
        endpoint=bool(contract.operations),
        called=called or connected,
        sign_in=connected or (chosen and need is None),
        connected=connected,
        declared=declared,
        curl=curl,
        by_person=_first(project, contract) if by_person else "",
        document=f"{base}/openapi.json" if base else "",
        need=need,
    )


def _first(project: Project, contract: Contract) -> str:
    """The operation that is called first, as URLs name it."""
    op = firstcall.simplest(contract)
    pk = project.operations.filter(method=op.method, path=op.path).values_list("pk", flat=True).first()
    return f"op-{pk}" if pk else ""


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
