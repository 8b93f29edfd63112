"""The authentication page: kind of sign-in, keys, open operations, and what ChatGPT wants to be told."""

from collections import Counter

from django.contrib.auth.decorators import login_required
from django.urls import reverse
from django.utils.translation import gettext as _

from actionstudio.apps.design import newest
from actionstudio.apps.design.models import Document
from actionstudio.apps.projects import access
from actionstudio.apps.release import asking, credentials, pasting, reach, scopes
from actionstudio.apps.release.auth_form import AuthForm
from actionstudio.apps.release.forms import KeyForm
from actionstudio.apps.release.scope_form import ScopeForm
from actionstudio.apps.web import htmx, once
from actionstudio.core import codec
from actionstudio.core.auth import ApiKey, Auth, Declared, OAuth, UserHttp, signs_in
from actionstudio.core.contract import Contract
from actionstudio.core.problem import Refused
from actionstudio.core.specs.readers import auth as reading


@login_required
def auth(request, slug: str):
    """Shows and changes how callers of a project sign in; ``deed`` says which part of the page was sent."""
    project = access.changeable(request, slug)
    deed = DEEDS.get(request.POST.get("deed", ""))
    return deed(request, project) if deed else _page(request, project)


def _kind(request, project):
    before, offered = _current(project), _offered(project)
    form = AuthForm.of(before, request.POST, offered)
    if form.is_valid():
        try:
            return _saved(project, credentials.choose(project, form.value(before, offered), request.user))
        except Refused as refused:
            form.add_problems(refused)
    return _page(request, project, form=form)


def _scopes(request, project):
    """The table of scopes; “add”, “take” and “remove” only bring another table."""
    auth = scopes.current(project)
    if auth is None:
        return htmx.redirect(_url(project), _("Only OAuth has scopes. Choose it above first."), "warn")
    table = ScopeForm.typed(request.POST, auth, scopes.asked(project, auth))
    if "add" in request.POST:
        table.add()
    elif "take" in request.POST:
        table.take()
    elif "remove" not in request.POST and table.late:
        table.disagree()
    elif "remove" not in request.POST and table.is_valid():
        try:
            return _saved(project, scopes.define(project, table.scopes, request.user, table.moved, table.seen))
        except credentials.Changed:
            return _scopes(request, project)  # within this very moment: it is late now
        except Refused as refused:
            table.add_problems(refused)
    return _page(request, project, table=table)


def _mint(request, project):
    form = KeyForm(request.POST)
    if form.is_valid():
        text = form.cleaned_data["text"]
        if text and form.cleaned_data["encode"]:
            text = pasting.encoded(text)
        try:
            key, text = credentials.mint(project, form.cleaned_data["name"], text)
            return once.show_next(request, _url(project), key.pk, text)
        except Refused as refused:
            form.add_problems(refused)
    return _page(request, project, key_form=form)


def _revoke(request, project):
    pk = request.POST.get("key", "")
    key = credentials.revoke(project, int(pk)) if asking.is_key(pk) else None
    if key is None:
        return htmx.redirect(_url(project), _("There is no such key, or it is revoked already."), "warn")
    return _back(project, _("“%(name)s” is revoked; calls with it are refused from now on.") % {"name": key.name})


def _open(request, project):
    """Which operations need no sign-in, and which scopes the others ask for."""
    sent = asking.Ticked.of(request.POST)
    try:
        return _saved(project, credentials.open_operations(project, sent.open, request.user, sent.asked, sent.seen))
    except credentials.Changed:
        return _page(request, project, ticked=sent)


DEEDS = {"kind": _kind, "scopes": _scopes, "mint": _mint, "revoke": _revoke, "open": _open}


def _page(request, project, form=None, key_form=None, table=None, ticked=None):
    current = _current(project)
    issued, minted_text = once.shown(request)
    minted = project.keys.filter(pk=issued).first() if issued else None
    context = {
        "nav": "auth",
        "project": project,
        "auth": current,
        "form": form or AuthForm.of(current, offered=_offered(project)),
        "key_form": key_form or KeyForm(),
        "keys": project.keys.all(),
        "minted": minted,
        "minted_text": minted_text,
        "is_basic": isinstance(current, ApiKey) and current.scheme == "basic",
        "encoded": pasting.encoded(minted_text) if minted else "",
        **_signing(project, current, table, ticked),
    }
    wrong = (form and form.errors) or (key_form and key_form.errors) or (table and table.wrong)
    late = ticked is not None or (table and table.others is not None)
    status = 409 if late else 422 if wrong else 200
    response = htmx.page(request, "release/auth.html", context, status=status)
    return once.forget(request, response) if minted else response


def _signing(project, current: Auth, table, ticked) -> dict:
    """What the page shows of operations, scopes and ChatGPT's dialog."""
    lines = asking.Lines.of(project, current, ticked)
    asked = Counter(name for line in lines.rows for name in line.kept)
    value = newest.contract(project) if isinstance(current, Declared | OAuth) else Contract(auth=current)
    is_oauth = isinstance(current, OAuth)
    return {
        "operations": lines.rows,
        "lines": lines,
        "dialog": pasting.dialog(value, reach.best(project), pasting.client_of(project) if is_oauth else None),
        "is_oauth": is_oauth,
        "takes_keys": not isinstance(current, OAuth | UserHttp),
        "signs_in": signs_in(current),
        "table": (table or ScopeForm.of(current, asked)) if is_oauth else None,
    }


def _current(project) -> Auth:
    return codec.value_of(Auth, Document.objects.values_list("auth", flat=True).get(project=project))


def _offered(project) -> OAuth | None:
    """The OAuth that the project's document describes, while nothing else was chosen."""
    return reading.offered(newest.contract(project)) if isinstance(_current(project), Declared) else None


def _saved(project, revision):
    message = _("Saved, live as v%(n)s.") % {"n": revision.number} if revision else _("Nothing changed.")
    return _back(project, message)


def _url(project) -> str:
    return reverse("release:auth", args=[project.slug])


def _back(project, message: str):
    return htmx.redirect(_url(project), message)
