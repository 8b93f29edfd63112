"""The rows that an address names; 404 for whoever may not see them."""

from django.shortcuts import get_object_or_404

from actionstudio.apps.projects import access
from actionstudio.apps.simulator.models import PromptCase, PromptRun, PromptSuite


def suite(request, slug: str, name: str, *, change: bool = False) -> PromptSuite:
    """A suite with its project."""
    project = (access.changeable if change else access.viewable)(request, slug)
    rows = PromptSuite.objects.select_related("gpt")
    found = get_object_or_404(rows, project=project, slug=name)
    found.project = project
    return found


def case(request, slug: str, name: str, pk: int, *, change: bool = True) -> PromptCase:
    """A case with its suite."""
    found = suite(request, slug, name, change=change)
    row = get_object_or_404(PromptCase, suite=found, pk=pk)
    row.suite = found
    return row


def run(request, slug: str, name: str, pk: int, *, change: bool = False) -> PromptRun:
    """A run with its suite."""
    found = suite(request, slug, name, change=change)
    row = get_object_or_404(PromptRun.objects.select_related("job", "author", "base"), suite=found, pk=pk)
    row.suite = found
    return row
