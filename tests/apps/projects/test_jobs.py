"""Long work runs as a job: with progress, once, cancellable, and picked up again after a crash."""

import datetime

import pytest
from django.utils import timezone

from actionstudio.apps.projects import jobs
from actionstudio.apps.projects.models import Job, Project
from actionstudio.core.problem import Problem, Refused
from tests import make

pytestmark = pytest.mark.django_db


def counting(progress):
    progress.step("Counting", 1, 2)
    return {"counted": progress.job.input["n"]}


def creating(progress):
    progress.step("Creating")
    with progress.finishing() as job:
        job.project = Project.objects.create(owner=job.owner, slug="made", name="Made")


def changing_my_mind(progress):
    jobs.cancel(progress.job)
    creating(progress)


def cancelled_at_the_last_moment(progress):
    with progress.finishing() as job:
        Project.objects.create(owner=job.owner, slug="made", name="Made")
        raise jobs.Cancelled


def refusing(progress):
    raise Refused(Problem("/x", "line 3: no", "yaml"))


def breaking(progress):
    raise ZeroDivisionError


def waiting(work, **fields):
    """A job that nobody has begun."""
    return Job.objects.create(owner=make.user(), kind=f"{__name__}.{work.__name__}", heartbeat=timezone.now(), **fields)


def start(work, **fields):
    job = jobs.start(work, owner=make.user(), **fields)
    job.refresh_from_db()
    return job


def test_the_result_is_kept_and_the_payload_is_not():
    job = start(counting, input={"n": 3}, payload=b"x")
    assert (job.state, job.result, job.payload) == ("done", {"counted": 3}, None)
    assert (job.done, job.total, job.attempts) == (1, 2, 1)
    assert job.finished


def test_what_lasts_is_kept_together_with_the_end_of_the_job():
    job = start(creating)
    assert (job.state, job.project.slug) == ("done", "made")


def test_a_job_that_is_run_twice_does_its_work_once():
    job = start(creating)
    jobs.run.func(str(job.pk))
    assert Project.objects.count() == 1


@pytest.mark.parametrize("work", [changing_my_mind, cancelled_at_the_last_moment])
def test_cancelling_leaves_nothing_behind(work):
    job = start(work, payload=b"x")
    assert (job.state, job.payload) == ("cancelled", None)
    assert not Project.objects.exists()


def test_a_job_cancelled_before_it_began_never_begins():
    job = waiting(creating)
    jobs.cancel(job)
    jobs.run.func(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("cancelled", 0)


def test_refused_input_is_told_with_its_problems_and_kept_for_another_try():
    job = start(refusing, payload=b"text")
    assert (job.state, job.error, bytes(job.payload)) == ("failed", "line 3: no", b"text")
    assert job.result["problems"] == [{"pointer": "/x", "message": "line 3: no", "code": "yaml"}]


def test_a_bug_says_nothing_about_the_inside():
    assert start(breaking).error == "Something went wrong on our side. Nothing was created."


def test_a_job_whose_worker_died_is_done_by_another():
    job = waiting(creating, attempts=1)
    long_ago = timezone.now() - datetime.timedelta(seconds=jobs.STALE + 1)
    Job.objects.update(state=Job.State.RUNNING, heartbeat=long_ago)
    assert jobs.reap() == 1
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("done", 2)


def test_a_living_job_is_left_alone():
    waiting(creating)
    Job.objects.update(state=Job.State.RUNNING)
    assert jobs.reap() == 0


def test_a_job_that_kills_its_workers_is_given_up():
    waiting(creating, attempts=jobs.ATTEMPTS)
    Job.objects.update(state=Job.State.RUNNING, heartbeat=timezone.now() - datetime.timedelta(minutes=5))
    assert jobs.reap() == 0
    assert Job.objects.get().state == "failed"


def test_pages_of_old_jobs_are_forgotten():
    job = start(counting, input={"n": 1})
    Job.objects.filter(pk=job.pk).update(finished=timezone.now() - jobs.KEPT * 2)
    jobs.reap()
    assert not Job.objects.exists()


def taking_turns(progress):
    turn = Job.objects.get(pk=progress.job.pk).done + 1
    progress.step(f"Turn {turn}", turn, 3)
    if turn < 3:
        raise jobs.Again
    return {"turns": turn}


def test_long_work_goes_on_in_turns_and_no_turn_counts_as_a_failed_attempt():
    job = start(taking_turns)
    assert (job.state, job.result, job.attempts) == ("done", {"turns": 3}, 1)


def test_work_that_is_cancelled_between_two_turns_ends_there():
    job = waiting(taking_turns, done=1)
    jobs.cancel(job)
    jobs.run.func(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.done) == ("cancelled", 1)
