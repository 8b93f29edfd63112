"""Where the browser comes back to with a code. The state leads to the run, and only in the browser that began it."""

import hashlib

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from actionstudio.apps.oauth.models import SignIn
from actionstudio.apps.projects import access
from actionstudio.apps.signin import emulating
from actionstudio.apps.signin.runs import AWAY, READY, Run
from actionstudio.apps.web import htmx

EXPECTED = "sign-in runs"  # in the session: SHA-256 of the state → key of the run
MOST = 20


def expect(request, run: Run) -> None:
    """Lets this browser, and no other, bring back the run's code."""
    kept = dict(request.session.get(EXPECTED, {}))
    kept[_digest(run.held["state"])] = run.row.key
    request.session[EXPECTED] = dict(list(kept.items())[-MOST:])


@login_required
@require_safe
def callback(request):
    """The callback of every run. What came back is checked and kept; the page of the run tells it."""
    expected = request.session.get(EXPECTED, {})
    key = expected.pop(_digest(request.GET.get("state", "")), "")
    row = _row(request, key) if key else _lost(request, expected)
    if row is None:
        return _strange(request)
    run = Run(row)
    if not run.holds or emulating.returned(run, request.user, request.META.get("QUERY_STRING", "")) is None:
        return _strange(request)
    if key:
        request.session[EXPECTED] = expected
    return htmx.redirect(reverse("signin:emulator-run", args=[row.project.slug, row.key]))


def _row(request, key: str) -> SignIn | None:
    mine = access.mine(request.user)
    rows = SignIn.objects.filter(key=key, project__in=mine).exclude(emulator={})
    return rows.select_related("project", "client").first()


def _lost(request, expected: dict[str, str]) -> SignIn | None:
    """The newest run of this browser that still waits: its provider lost or changed the state."""
    for key in reversed(list(expected.values())):
        row = _row(request, key)
        if row is not None and Run(row).stage in (READY, AWAY):
            return row
    return None


def _strange(request):
    """Nobody waits for this here: told in words, and nothing is done with the code."""
    text = _(
        "No sign-in that was begun in this browser waits for this answer. Begin a new run on the page of the client "
        "emulator, in the same browser and under the same address of the studio."
    )
    context = {"title": _("This answer belongs to no sign-in here"), "text": text, "status": 400}
    return render(request, "web/error.html", context, status=400)


def _digest(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()
