"""The authentication page: kind of sign-in, keys, open operations, and what ChatGPT wants to be told."""

import re
import secrets

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.urls import reverse
from django.utils.translation import gettext as _

from actionstudio.apps.design import newest
from actionstudio.apps.design.models import Document
from actionstudio.apps.projects import access
from actionstudio.apps.release import credentials, pasting
from actionstudio.apps.release.forms import AuthForm, KeyForm
from actionstudio.apps.web import htmx
from actionstudio.core import codec
from actionstudio.core.auth import ApiKey, Auth, Declared
from actionstudio.core.contract import Contract
from actionstudio.core.problem import Refused

MINTED = "minted"  # between issuing a key and showing it: half of its text in the session, half in a cookie


@login_required
def auth(request, slug: str):
    """Shows and changes how callers of a project sign in; ``deed`` says which part of the page was sent."""
    project = access.changeable(request, slug)
    deed = DEEDS.get(request.POST.get("deed", ""))
    return deed(request, project) if deed else _page(request, project)


def _kind(request, project):
    before = _current(project)
    form = AuthForm.of(before, request.POST)
    if not form.is_valid():
        return _page(request, project, form=form)
    revision = credentials.choose(project, form.value(before), request.user)
    return _back(project, _("Saved, live as v%(n)s.") % {"n": revision.number} if revision else _("Nothing changed."))


def _mint(request, project):
    form = KeyForm(request.POST)
    if form.is_valid():
        text = form.cleaned_data["text"]
        if text and form.cleaned_data["encode"]:
            text = pasting.encoded(text)
        try:
            key, text = credentials.mint(project, form.cleaned_data["name"], text)
            return _show_next(request, project, key, text)
        except Refused as refused:
            form.add_problems(refused)
    return _page(request, project, key_form=form)


def _revoke(request, project):
    pk = request.POST.get("key", "")
    key = credentials.revoke(project, int(pk)) if pk.isdecimal() and len(pk) < 19 else None
    if key is None:
        return htmx.redirect(_url(project), _("There is no such key, or it is revoked already."), "warn")
    return _back(project, _("“%(name)s” is revoked; calls with it are refused from now on.") % {"name": key.name})


def _open(request, project):
    pks = {int(pk) for pk in request.POST.getlist("open") if pk.isdecimal() and len(pk) < 19}
    revision = credentials.open_operations(project, pks, request.user)
    return _back(project, _("Saved, live as v%(n)s.") % {"n": revision.number} if revision else _("Nothing changed."))


def _show_next(request, project, key, text: str):
    """Sends the browser to the page that shows the key once. No database holds the text: only text XOR pad."""
    pad = secrets.token_bytes(len(text.encode()))
    request.session[MINTED] = {"project": project.pk, "key": key.pk, "text": _xor(text.encode(), pad).hex()}
    response = htmx.redirect(_url(project))
    response.set_cookie(
        MINTED, pad.hex(), max_age=120, path=_url(project), secure=settings.HTTPS, httponly=True, samesite="Strict"
    )
    return response


def _just_minted(request, project):
    """The key issued by the request before, with its text: once. Reloading shows no text and issues no key."""
    told = request.session.get(MINTED)
    if not told or told["project"] != project.pk or request.method != "GET":
        return None, ""
    del request.session[MINTED]
    hidden, pad = bytes.fromhex(told["text"]), request.COOKIES.get(MINTED, "")
    if not re.fullmatch(f"[0-9a-f]{{{2 * len(hidden)}}}", pad):
        return None, ""
    return project.keys.filter(pk=told["key"]).first(), _xor(hidden, bytes.fromhex(pad)).decode(errors="replace")


def _xor(text: bytes, pad: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(text, pad, strict=True))


DEEDS = {"kind": _kind, "mint": _mint, "revoke": _revoke, "open": _open}


def _page(request, project, form=None, key_form=None):
    current = _current(project)
    minted, minted_text = _just_minted(request, project)
    context = {
        "nav": "auth",
        "project": project,
        "auth": current,
        "form": form or AuthForm.of(current),
        "key_form": key_form or KeyForm(),
        "keys": project.keys.all(),
        "minted": minted,
        "minted_text": minted_text,
        "is_basic": isinstance(current, ApiKey) and current.scheme == "basic",
        "encoded": pasting.encoded(minted_text) if minted else "",
        "dialog": pasting.dialog(newest.contract(project) if isinstance(current, Declared) else Contract(auth=current)),
        "operations": project.operations.only("method", "path", "summary", "operation_id", "security", "project_id"),
    }
    wrong = (form and form.errors) or (key_form and key_form.errors)
    response = htmx.page(request, "release/auth.html", context, status=422 if wrong else 200)
    if minted:
        response["Cache-Control"] = "no-store"
        response.delete_cookie(MINTED, path=_url(project), samesite="Strict")
    return response


def _current(project) -> Auth:
    return codec.value_of(Auth, Document.objects.values_list("auth", flat=True).get(project=project))


def _url(project) -> str:
    return reverse("release:auth", args=[project.slug])


def _back(project, message: str):
    return htmx.redirect(_url(project), message)
