"""What ChatGPT says to a project now, and what it would say after a newer document was taken over."""

from dataclasses import dataclass

from actionstudio.apps.design import newest
from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing.source import first_url
from actionstudio.core.importer.serving import served
from actionstudio.core.importer.verdict import Verdict, verdict
from actionstudio.core.reimport import Plan
from actionstudio.core.specs import gpt


@dataclass(frozen=True)
class Forecast:
    """The verdict ``now`` and ``then``; ``chosen`` counts the operations that ChatGPT gets then."""

    now: Verdict
    then: Verdict
    chosen: int

    @property
    def worse(self) -> bool:
        """Whether ChatGPT takes less of it, or says more to it, than now."""
        return self.then.outcome != "silent" and (self.then.lines > self.now.lines or self.then.kept < self.now.kept)


def forecast(project: Project, plan: Plan) -> Forecast:
    """What ChatGPT says before and after ``plan``."""
    base = first_url(project)
    now, then = (verdict(served(contract, base)) for contract in (newest.contract(project), plan.after))
    return Forecast(now, then, len(gpt.offered(plan.after)))


def said(project: Project) -> Verdict:
    """What ChatGPT says to the project's newest version."""
    return verdict(served(newest.contract(project), first_url(project)))
