"""Work too long for one request: a Job row around a background task, with heartbeat, progress and cancel.

The work is a module-level function ``work(progress) -> result``. It may run more than once (a worker can be killed),
so what it does for good happens inside ``with progress.finishing()``: in one transaction with the job's end. Work that
takes long keeps what it has done by itself and raises ``Again`` every few seconds: the others of its queue get a turn.
"""

import datetime
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models import F
from django.tasks import task
from django.utils import timezone, translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from actionstudio.apps.projects.models import Job
from actionstudio.apps.projects.pooling import give_back
from actionstudio.apps.web.telling import told
from actionstudio.core.problem import Refused

HEARTBEAT = 5  # seconds between signs of life
STALE = 30  # a running job without a sign of life for that long lost its worker
ATTEMPTS = 5
KEPT = datetime.timedelta(days=7)  # how long the page of a finished job stays

log = logging.getLogger(__name__)
bells = {"fast": threading.Event(), "bulk": threading.Event()}  # rung when work arrives in this process
stopping = threading.Event()  # set when this process is about to end: long work hands over


class Cancelled(Exception):
    """The person changed their mind; nothing of the work may stay."""


class Again(Exception):
    """The work is not done: it goes on later, here or in another process, behind what waits in its queue by now."""


class Progress:
    """What the work says about itself while it runs."""

    def __init__(self, job: Job) -> None:
        self.job = job

    def step(self, text: str, done: int = 0, total: int = 0) -> None:
        """Shows where the work is. Raises Cancelled when it should stop."""
        Job.objects.filter(pk=self.job.pk).update(step=text, done=done, total=total, heartbeat=timezone.now())
        if Job.objects.filter(pk=self.job.pk, cancel=True).exists():
            raise Cancelled

    @contextmanager
    def finishing(self) -> Iterator[Job]:
        """The lasting part: what happens inside is kept together with the end of the job, or not at all."""
        with transaction.atomic():
            job = Job.objects.select_for_update().get(pk=self.job.pk)
            if job.cancel or job.state != Job.State.RUNNING:
                raise Cancelled
            yield job
            job.state, job.finished, job.payload, job.step = Job.State.DONE, timezone.now(), None, ""
            job.done = job.total
            job.save()


def start(work: Callable[[Progress], dict | None], *, owner, queue: str = "fast", **fields) -> Job:
    """Queues ``work``; it begins when the surrounding transaction, if any, is kept."""
    with transaction.atomic():
        job = Job.objects.create(
            owner=owner,
            kind=f"{work.__module__}.{work.__qualname__}",
            queue=queue,
            heartbeat=timezone.now(),
            **fields,
        )
        run.using(queue_name=queue).enqueue(str(job.pk))
        transaction.on_commit(bells[queue].set)
    return job


def cancel(job: Job) -> None:
    """Asks the job to stop; one that has not begun is over at once."""
    Job.objects.filter(pk=job.pk).update(cancel=True)
    Job.objects.filter(pk=job.pk, state=Job.State.READY).update(state=Job.State.CANCELLED, finished=timezone.now())


@task(queue_name="fast")
def run(job_id: str) -> None:
    """Does the work of one job, unless another worker has it or it is over."""
    now = timezone.now()
    claimed = Job.objects.filter(pk=job_id, state=Job.State.READY).update(
        state=Job.State.RUNNING, attempts=F("attempts") + 1, heartbeat=now
    )
    job = Job.objects.select_related("owner").filter(pk=job_id).first() if claimed else None
    if job is None:
        return
    with translation.override(job.owner.language or None), _beating(job):
        outcome = _outcome(job)
        if outcome is None:
            _later(job)
        else:
            _end(job, **outcome)


def _outcome(job: Job) -> dict | None:
    """Runs the work and says how it went, as the columns of the job; None when it is to go on later."""
    try:
        return {"state": Job.State.DONE, "result": import_string(job.kind)(Progress(job)) or {}, "payload": None}
    except Again:
        return None
    except Cancelled:
        return {"state": Job.State.CANCELLED, "payload": None}
    except Refused as refused:
        problems = [{"pointer": p.pointer, "message": told(p.message), "code": p.code} for p in refused.problems]
        error = "; ".join(problem["message"] for problem in problems)
        return {"state": Job.State.FAILED, "error": error, "result": {"problems": problems}}
    except Exception:
        log.exception("job %s failed", job)
        return {"state": Job.State.FAILED, "error": _("Something went wrong on our side. Nothing was created.")}


def _end(job: Job, **fields) -> None:
    """Closes a job that did not close itself by ``finishing``."""
    Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(finished=timezone.now(), step="", **fields)


def _later(job: Job) -> None:
    """Queues a job behind the others. What it has done so far was no failed attempt."""
    with transaction.atomic():
        running = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING)
        if running.update(state=Job.State.READY, attempts=0, heartbeat=timezone.now()):
            run.using(queue_name=job.queue).enqueue(str(job.pk))
    bells[job.queue].set()


@contextmanager
def _beating(job: Job) -> Iterator[None]:
    """Shows a sign of life every few seconds, from a thread of its own, while the block runs."""
    stop = threading.Event()

    def beat() -> None:
        try:
            while not stop.wait(HEARTBEAT):
                Job.objects.filter(pk=job.pk).update(heartbeat=timezone.now())
                give_back()
        finally:
            connection.close()

    thread = threading.Thread(target=beat, name=f"heartbeat {job.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def reap() -> int:
    """Gives jobs whose worker died to another one, and forgets old pages. Returns how many were given on."""
    now = timezone.now()
    Job.objects.filter(finished__lt=now - KEPT).delete()
    running = Job.objects.filter(state=Job.State.RUNNING, heartbeat__lt=now - datetime.timedelta(seconds=STALE))
    ready = Job.objects.filter(state=Job.State.READY, heartbeat__lt=now - datetime.timedelta(seconds=2 * STALE))
    return sum(_revive(job, now) for job in (*running, *ready))


def _revive(job: Job, now) -> bool:
    """Queues one abandoned job again, or gives it up. Only one of several reapers succeeds."""
    mine = Job.objects.filter(pk=job.pk, state=job.state, heartbeat=job.heartbeat)
    if job.attempts >= ATTEMPTS:
        mine.update(state=Job.State.FAILED, finished=now, error=_("This work was interrupted too often."))
        return False
    with transaction.atomic():
        if not mine.update(state=Job.State.READY, heartbeat=now):
            return False
        run.using(queue_name=job.queue).enqueue(str(job.pk))
    bells[job.queue].set()
    return True
