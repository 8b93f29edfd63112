"""The product's own worker: it takes up work that another process left half done."""

import json

from tests.studio import Studio

LEAVE_HALF_DONE = """
import datetime
from django.utils import timezone
from actionstudio.apps.accounts.models import User
from actionstudio.apps.projects.models import Job
text = b'openapi: 3.1.0\\ninfo: {title: Rescued, version: "1"}\\npaths: {}\\n'
Job.objects.create(
    owner=User.objects.get(username="ann"), kind="actionstudio.apps.library.importing.work", state="running",
    input={"url": "", "name": "", "slug": ""}, payload=text, attempts=1,
    heartbeat=timezone.now() - datetime.timedelta(minutes=2),
)
"""
LOOK = """
import json, time
from actionstudio.apps.projects.models import Job
until = time.monotonic() + 15
while time.monotonic() < until and not Job.objects.get().over:
    time.sleep(0.1)
job = Job.objects.select_related("project").get()
print(json.dumps([job.state, job.attempts, job.project.slug if job.project else None]))
"""


def test_work_whose_process_was_killed_is_finished_after_the_start():
    with Studio() as studio:
        studio.user("ann")
        studio.stop()
        studio.shell(LEAVE_HALF_DONE)
        studio.start()
        assert json.loads(studio.shell(LOOK).splitlines()[-1]) == ["done", 2, "rescued"]
