"""One account of a project: who it is, how they sign in, which apps use it, and what they did of late."""

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from actionstudio.apps.design import newest
from actionstudio.apps.oauth import belongings, people, roster, sessions
from actionstudio.apps.oauth.address import agents
from actionstudio.apps.oauth.models import Client, EndUser, SignIn
from actionstudio.apps.oauth.people_form import PasswordForm, PersonForm, UserKeyForm
from actionstudio.apps.projects import access
from actionstudio.apps.web import htmx, once
from actionstudio.core.auth import UserHttp
from actionstudio.core.problem import Refused


@login_required
def user(request, slug: str, sub):
    """Shows and changes an account; ``deed`` says which part of the page was sent."""
    project = access.changeable(request, slug)
    person = get_object_or_404(EndUser.objects.select_related("project"), project=project, sub=sub)
    deed = DEEDS.get(request.POST.get("deed", "")) if request.method == "POST" else None
    return deed(request, person) if deed else _page(request, person)


@login_required
@require_safe
def data(request, slug: str, sub):
    """All that is held of somebody, as a file."""
    project = access.viewable(request, slug)
    person = get_object_or_404(EndUser.objects.select_related("project"), project=project, sub=sub)
    name = f'attachment; filename="{slug}-{sub}.zip"'
    return StreamingHttpResponse(
        belongings.archive(person), content_type="application/zip", headers={"Content-Disposition": name}
    )


def _save(request, person: EndUser):
    form = PersonForm.of(person, request.POST)
    if form.is_valid():
        try:
            people.change(person, **form.cleaned_data)
            return _back(person, _("Saved."))
        except Refused as refused:
            form.add_problems(refused)
            person.refresh_from_db()
    else:
        form.add_problems(Refused(*people.problems(person.project, form.cleaned_data, person)))
    return _page(request, person, form=form)


def _password(request, person: EndUser):
    form = PasswordForm(request.POST)
    if form.is_valid():
        try:
            people.set_password(person, form.cleaned_data["password"])
            return _back(person, _("The new password counts from now on; their browsers are signed out."))
        except Refused as refused:
            form.add_problems(refused)
            person.refresh_from_db()
    return _page(request, person, password_form=form)


def _no_password(request, person: EndUser):
    people.set_password(person, "")
    return _back(person, _("Nobody signs in with a password as this person any more."))


def _close(request, person: EndUser):
    people.close(person)
    return _back(person, _("The account is closed: nothing can be done in its name from now on."))


def _reopen(request, person: EndUser):
    people.reopen(person)
    return _back(person, _("The account is open again. Apps have to be connected anew."))


def _sign_out(request, person: EndUser):
    n = people.sign_out(person)
    return _back(person, ngettext("%(n)s browser is signed out.", "%(n)s browsers are signed out.", n) % {"n": n})


def _delete(request, person: EndUser):
    words = _("The account “%(name)s” is deleted.") % {"name": person.username}
    try:
        with transaction.atomic():
            if request.POST.get("requests"):
                belongings.delete_calls(person, by=request.user)
                words = _("The account “%(name)s” is deleted; its requests are going.") % {"name": person.username}
            people.delete(person)
    except Refused as refused:
        return _back(person, refused.problems[0].message, "warn")
    return htmx.redirect(reverse("oauth:users", args=[person.project.slug]), words)


def _disconnect(request, person: EndUser):
    client = Client.objects.filter(project=person.project, pk=_number(request, "client")).first()
    if client is None or not people.disconnect(person, client):
        return _back(person, _("This app is not connected any more."), "warn")
    return _back(person, _("“%(name)s” is disconnected; its tokens are refused from now on.") % {"name": client})


def _key(request, person: EndUser):
    form = UserKeyForm(request.POST)
    if form.is_valid():
        try:
            key, text = people.mint_key(person, form.cleaned_data["name"])
            return once.show_next(request, _url(person), key.name, text)
        except Refused as refused:
            form.add_problems(refused)
    return _page(request, person, key_form=form)


def _revoke_key(request, person: EndUser):
    key = people.revoke_key(person, _number(request, "key"))
    if key is None:
        return _back(person, _("There is no such key, or it is revoked already."), "warn")
    return _back(person, _("“%(name)s” is revoked; calls with it are refused from now on.") % {"name": key.name})


DEEDS = {
    "save": _save,
    "password": _password,
    "no-password": _no_password,
    "close": _close,
    "reopen": _reopen,
    "sign-out": _sign_out,
    "delete": _delete,
    "disconnect": _disconnect,
    "key": _key,
    "revoke-key": _revoke_key,
}


def _page(request, person: EndUser, **forms):
    minted, text = once.shown(request)
    context = {
        "nav": "users",
        "project": person.project,
        "person": person,
        "form": PersonForm.of(person),
        "password_form": PasswordForm(),
        "key_form": UserKeyForm(),
        **forms,
        "connections": roster.connections(person),
        "sessions": [(one, agents.named(one.agent)) for one in sessions.live(person)[:50]],
        "keys": person.keys.all()[:100],
        "by_keys": isinstance(newest.contract(person.project).auth, UserHttp),
        "sign_ins": [(one, _trace(person.project.slug, one)) for one in roster.sign_ins(person)],
        "requests": roster.requests(person),
        "minted": minted,
        "minted_text": text,
        "wrong": any(form.errors for form in forms.values()),
    }
    response = htmx.page(request, "oauth/user.html", context, status=422 if context["wrong"] else 200)
    return once.forget(request, response) if minted else response


def _trace(slug: str, one: SignIn) -> str:
    """The page that shows every leg of a sign-in."""
    return reverse("signin:emulator-run" if one.emulator else "signin:handshake-run", args=[slug, one.key])


def _number(request, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def _url(person: EndUser) -> str:
    return reverse("oauth:user", args=[person.project.slug, person.sub])


def _back(person: EndUser, message: str, kind: str = "ok"):
    return htmx.redirect(_url(person), message, kind)
