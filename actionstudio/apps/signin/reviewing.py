"""Reviews a provider: tries every check of checks/ on the provider of a run, as a job, within a bound of requests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext

from actionstudio.apps.oauth import tracing
from actionstudio.apps.oauth.models import Callback, SignIn
from actionstudio.apps.projects import jobs
from actionstudio.apps.projects.models import Job, Project
from actionstudio.apps.signin import runs
from actionstudio.apps.signin.checks import CHECKS, FINDING, ORDER, PASS, UNTRIED, Look
from actionstudio.apps.signin.checks.check import COMMON, LEVELS, Check, Found
from actionstudio.apps.signin.checks.open_redirector import AWAYS
from actionstudio.apps.signin.checks.redirect_exact import mutations
from actionstudio.apps.signin.hiding import kept
from actionstudio.apps.signin.runs import DONE, Run
from actionstudio.apps.web.telling import paragraphs

SEEN = 300  # characters of what was seen that are kept


def usable(run: Run) -> bool:
    """Whether the provider of a run can be reviewed: its endpoints are known and the run still holds its secrets."""
    return (
        run.holds
        and bool(run.setup.authorization_url and run.setup.token_url)
        and run.stage
        not in (
            runs.FINDING,
            runs.WORKING,
        )
    )


def begin(run: Run, owner) -> Job:
    """Starts a review, unless one is under way."""
    running = newest(run.row.project)
    if running is not None and not running.over:
        return running
    told = {"run": run.row.key, "host": urlsplit(run.setup.authorization_url).netloc}
    job = jobs.start(work, owner=owner, project=run.row.project, input=told)
    job.refresh_from_db()
    return job


def newest(project: Project) -> Job | None:
    """The last review of a project; its result has ``results``: [{check, state, said, seen}]."""
    return project.jobs.filter(kind=f"{__name__}.work").first()


def work(progress: jobs.Progress) -> dict:
    """The job."""
    run = runs.of(progress.job.project, progress.job.input["run"])
    if run is None or not run.holds:
        return {"results": [], "asked": 0}
    results = []
    look = Look(run)
    with _apart(look):
        for number, check in enumerate(ORDER):
            progress.step(gettext(check.title)[:120], number, len(ORDER))
            found = check.function(look)
            results.append({"check": check.code, "state": found.state, "said": found.said, "seen": _clean(found, run)})
    if run.stage == DONE:
        run.keep()
    return {"results": results, "asked": look.asked}


@contextmanager
def _apart(look: Look) -> Iterator[None]:
    """Clears away what the review leaves at the project's own provider: its requests are nobody's sign-ins, its strange
    redirect URIs none that a client asked for, and the run ended as it ended before."""
    row = look.run.row
    ended = {"outcome": row.outcome, "reason": row.reason, "step": row.step}
    try:
        yield
    finally:
        project, client_id = row.project, look.setup.client_id
        digests = [tracing.digest_of(project.pk, asker, state) for asker, state in look.asks if state]
        with transaction.atomic():
            SignIn.objects.filter(project=project, state_digest__in=digests, emulator={}).delete()
            SignIn.objects.filter(pk=row.pk).update(**ended)
            asked = Callback.objects.filter(client__project=project, client__client_id=client_id)
            asked.filter(uri__in=(*mutations(look.setup.redirect_uri), *AWAYS), state=Callback.State.WAITING).delete()


def _clean(found: Found, run: Run) -> str:
    return kept(found.seen.replace("\0", ""), run.secrets(), SEEN)


def picture(job: Job | None) -> dict[str, Any]:
    """The results of a review in words, findings first, the worst of them first."""
    results = job.result.get("results", []) if job is not None else []
    rows = [_row(CHECKS[one["check"]], one) for one in results if one["check"] in CHECKS]
    order = {FINDING: 0, PASS: 2, UNTRIED: 1}
    rows.sort(key=lambda row: (order.get(row["state"], 3), LEVELS.index(row["level"])))
    count = {state: sum(row["state"] == state for row in rows) for state in (FINDING, PASS, UNTRIED)}
    return {"rows": rows, "findings": count[FINDING], "passed": count[PASS], "untried": count[UNTRIED]}


def _row(check: Check, one: dict) -> dict[str, Any]:
    about = paragraphs(check.about)
    return {
        "state": one["state"],
        "level": check.level,
        "title": gettext(check.title),
        "said": check.words.get(one["said"]) or COMMON.get(one["said"], ""),
        "seen": one["seen"],
        "tried": about[0],
        "cure": about[-1] if len(about) > 1 else "",
        "source": check.source,
    }


def table() -> list[dict[str, Any]]:
    """All checks as they stand, for the page before the first review."""
    return [
        {"title": gettext(one.title), "tried": paragraphs(one.about)[0], "source": one.source, "level": one.level}
        for one in ORDER
    ]
