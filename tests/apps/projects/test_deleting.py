"""A deleted project is gone with all that belongs to it, also elsewhere."""

import pytest

from actionstudio.apps.design.models import Operation
from actionstudio.apps.projects import deleting
from actionstudio.apps.projects.models import Job, Project
from actionstudio.apps.publishing.models import Address
from tests import make

pytestmark = pytest.mark.django_db
seen = []


def forgetting(progress):
    seen.append(progress.job.input["project_id"])


def test_rows_go_and_registered_work_runs(monkeypatch):
    monkeypatch.setattr(deleting, "_ALSO", [])
    deleting.also(forgetting)
    project = make.project()
    pk = project.pk
    deleting.delete(project, by=make.user())
    assert not (Project.objects.exists() or Operation.objects.exists() or Address.objects.exists())
    assert seen == [pk]
    assert Job.objects.get().state == "done"
