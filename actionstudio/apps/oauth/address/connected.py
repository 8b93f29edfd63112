"""/connected: what somebody has connected to their account, and how they end it; their keys, browsers and password."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.oauth import knowing, people, roster, sessions, signing_in
from actionstudio.apps.oauth.address import agents, consent, pages, waiting
from actionstudio.apps.oauth.models import Client
from actionstudio.apps.oauth.vetting import LONGEST_KEY, LONGEST_PASSWORD
from actionstudio.core.auth import UserHttp
from actionstudio.core.problem import Refused

if TYPE_CHECKING:
    from actionstudio.apps.oauth.door import AddressRequest

MOST = 100  # of a kind that is listed
SAID = {
    "disconnected": lazy("Disconnected. The app can no longer use your account."),
    "revoked": lazy("The key is revoked. Calls with it are refused."),
    "signed-out": lazy("You are signed out everywhere else."),
    "password": lazy("Your password is changed, and you are signed out everywhere else."),
}


class KeyForm(forms.Form):
    """A key of one's own."""

    name = forms.CharField(
        label=lazy("Name of the new key"),
        max_length=LONGEST_KEY,
        help_text=lazy("Where you will use it, such as “my assistant”."),
        error_messages={"required": lazy("Give the key a name, so that you know it when you revoke it.")},
    )


class PasswordForm(forms.Form):
    """Another password, by somebody who knows the present one."""

    old_password = forms.CharField(
        label=lazy("Current password"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    password = forms.CharField(
        label=lazy("New password"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        help_text=lazy("At least 10 characters."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


@pages.page("GET", "POST")
def connected(request: AddressRequest) -> HttpResponse:
    """The page, and its forms: ``deed`` names which one was sent."""
    if request.user is None:
        return pages.See(reverse("login")) if request.method == "POST" else HttpResponseRedirect(reverse("login"))
    deed = _DEEDS.get(request.POST.get("deed", "")) if request.method == "POST" and not request.forged else None
    return deed(request) if deed else _page(request)


def moved(request: AddressRequest) -> HttpResponse:
    """With a slash at the end, as people type it."""
    return HttpResponseRedirect(reverse("connected"))


def _disconnect(request: AddressRequest) -> HttpResponse:
    assert request.user is not None
    number = request.POST.get("client", "")
    client = None
    if number.isascii() and number.isdigit() and len(number) < 19:
        client = Client.objects.filter(project_id=request.tenant.project_id, pk=number).first()
    if client is None or not people.disconnect(request.user, client, "person"):
        return _page(request, words=_("That app was not connected any more."), status=404)
    return _done("disconnected")


def _issue(request: AddressRequest) -> HttpResponse:
    """A new key. Its text is in this answer and nowhere else, so there is nothing to go on to."""
    assert request.user is not None
    form = KeyForm(request.POST)
    if not _by_keys(request) or not form.is_valid():
        return _page(request, key_form=form, status=422)
    try:
        key, text = people.mint_key(request.user, form.cleaned_data["name"])
    except Refused as refused:
        for problem in refused.problems:
            form.add_error("name", problem.message)
        return _page(request, key_form=form, status=422)
    return _page(request, new_key=key, text=text)


def _revoke(request: AddressRequest) -> HttpResponse:
    assert request.user is not None
    number = request.POST.get("key_id", "")
    known = number.isascii() and number.isdigit() and len(number) < 19
    if not known or people.revoke_key(request.user, int(number)) is None:
        return _page(request, words=_("That key was revoked already."), status=404)
    return _done("revoked")


def _sign_out_others(request: AddressRequest) -> HttpResponse:
    assert request.user is not None
    sessions.end_others(request.user, request.browser.session)
    return _done("signed-out")


def _password(request: AddressRequest) -> HttpResponse:
    """The present password is asked for again: who finds a browser open must not take the account over."""
    assert request.user is not None
    form = PasswordForm(request.POST)
    if not request.user.password or not form.is_valid():
        return _page(request, password_form=form, status=422)
    given = form.cleaned_data
    tried = signing_in.enter(
        request.user.project_id,
        request.user.username,
        given["old_password"],
        request.tenant.client,
        knowing.of(request),
    )
    if tried.user is None:
        words = waiting.too_many(tried.wait) if tried.wait else _("That is not your current password.")
        form.add_error("old_password", words)
        return _page(request, password_form=form, status=429 if tried.wait else 422)
    try:
        people.set_password(request.user, given["password"])
    except Refused as refused:
        for problem in refused.problems:
            form.add_error("password", problem.message)
        return _page(request, password_form=form, status=422)
    request.browser.sign_in(request.user, request.headers.get("User-Agent", ""))
    return _done("password")


def _page(request: AddressRequest, *, words: str = "", status: int = 200, **more: Any) -> HttpResponse:
    user = request.user
    assert user is not None
    context = {
        "user": user,
        "initial": pages.letters(str(user))[:1],
        "apps": [(one, consent.lines(tuple(one.scopes))) for one in roster.connections(user)[:MOST]],
        "by_keys": _by_keys(request),
        "keys": user.keys.filter(revoked=None)[:MOST] if _by_keys(request) else (),
        "sessions": [(one, agents.named(one.agent)) for one in sessions.live(user)[:MOST]],
        "here": request.browser.session,
        "key_form": KeyForm(),
        "password_form": PasswordForm() if user.password else None,
        "said": SAID.get(request.GET.get("done", ""), "") if request.method == "GET" else "",
        "words": words,
        **more,
    }
    return pages.show(request, "connected.html", context, status=status)


def _done(what: str) -> HttpResponse:
    return pages.See(f"{reverse('connected')}?done={what}")


def _by_keys(request: AddressRequest) -> bool:
    """Whether people give keys of their own to apps here (``user_http`` of the plugin manifest)."""
    return isinstance(request.tenant.hosted.contract.auth, UserHttp)


_DEEDS: dict[str, Callable[[AddressRequest], HttpResponse]] = {
    "disconnect": _disconnect,
    "issue": _issue,
    "revoke": _revoke,
    "sign-out-others": _sign_out_others,
    "password": _password,
}
