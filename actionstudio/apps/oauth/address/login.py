"""/oauth/login, /oauth/signup, /oauth/logout: who is there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django import forms
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.oauth import codes, faults, knowing, people, signing_in, tracing, vetting
from actionstudio.apps.oauth.address import onward, pages, waiting
from actionstudio.apps.oauth.address.onward import Onward
from actionstudio.apps.oauth.models import EndUser
from actionstudio.apps.oauth.vetting import LONGEST, LONGEST_EMAIL, LONGEST_PASSWORD
from actionstudio.apps.projects.models import Project
from actionstudio.apps.web.wording import WordsMixin
from actionstudio.core.problem import Problem, Refused

if TYPE_CHECKING:
    from actionstudio.apps.oauth.door import AddressRequest

TEST_USER = "test_user"  # names whom to sign in as, while the project is in development


class LoginForm(WordsMixin, forms.Form):
    """Name and password; who is wrong is not told which of them is."""

    username = forms.CharField(
        label=lazy("Username or e-mail"),
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": lazy("Type your username.")},
    )
    password = forms.CharField(
        label=lazy("Password"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": lazy("Type your password.")},
    )


class SignupForm(WordsMixin, forms.Form):
    """An account of one's own."""

    username = forms.CharField(
        label=lazy("Username"),
        max_length=LONGEST,
        help_text=lazy("What you type to sign in; your e-mail address will do."),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    name = forms.CharField(
        label=lazy("Your name"),
        required=False,
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.CharField(
        label=lazy("E-mail address"),
        required=False,
        max_length=LONGEST_EMAIL,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    password = forms.CharField(
        label=lazy("Password"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        help_text=lazy("At least 10 characters."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


@pages.page("GET", "POST")
def login(request: AddressRequest) -> HttpResponse:
    """The page to sign in. Whoever is signed in may go on as they are, or as somebody else."""
    way = onward.of(request)
    if isinstance(way, HttpResponse):
        return way
    if request.method != "POST" or request.forged:
        tracing.leg("login", tracing.WAITING)
        client = way.asked.client if way.asked else None
        if faults.meets(request, client) and faults.claim(request.tenant.project_id, ("login-slow",)):
            request.tenant.wait = faults.SLOW_PAGE
        typed = {"username": request.POST.get("username", "") or request.GET.get("login_hint", "")[:LONGEST]}
        return _form(request, way, LoginForm(initial=typed))
    if TEST_USER in request.POST:
        return _as_test_user(request, way)
    form = LoginForm(request.POST)
    if not form.is_valid():
        return _form(request, way, form, status=422)
    given = form.cleaned_data
    tenant, known = request.tenant, knowing.of(request)
    tried = signing_in.enter(tenant.project_id, given["username"], given["password"], tenant.client, known)
    if tried.user is not None:
        return knowing.keep(request, _enter(request, way, tried.user), tried.user)
    return _refused(request, way, form, tried)


@pages.page("GET", "POST")
def signup(request: AddressRequest) -> HttpResponse:
    """The page to make an account, where the project lets people do so."""
    if not request.tenant.provider.signup:
        raise Http404
    way = onward.of(request)
    if isinstance(way, HttpResponse):
        return way
    if request.method != "POST":
        return _signup(request, way, SignupForm())
    form = SignupForm(request.POST)
    if request.forged:
        return _signup(request, way, SignupForm(initial={**request.POST.dict(), "password": ""}))
    if not form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("username", "name", "email") if name in form.cleaned_data}
        _add(form, [*vetting.fields(given)[1], *vetting.of_password(form.cleaned_data.get("password", ""), EndUser())])
        return _signup(request, way, form, 422)
    if wait := signing_in.signing_up(request.tenant.project_id, request.tenant.client):
        return _later(_signup(request, way, form, 429, waiting.too_many(wait)), wait)
    try:
        user = people.make(Project.objects.get(pk=request.tenant.project_id), joined=True, **form.cleaned_data)
    except Refused as refused:
        _add(form, refused.problems)
        return _signup(request, way, form, 422)
    return knowing.keep(request, _enter(request, way, user), user)


def _add(form: SignupForm, problems: Iterable[Problem]) -> None:
    """Each beside its field. A page never gets a password back, so its field is empty now: that is told too."""
    for problem in problems:
        field = problem.pointer.strip("/")
        form.add_error(field if field in form.fields else None, problem.message)
    if form.data.get("password") and not form.has_error("password"):
        form.add_error("password", _("Type the password again: the page does not keep it."))


@pages.page("GET", "POST")
def logout(request: AddressRequest) -> HttpResponse:
    """The page to sign out: a link alone would let any site do it."""
    if request.method == "POST" and not request.forged:
        request.browser.sign_out()
        return pages.See(reverse("login"))
    return pages.show(request, "logout.html", {"user": request.user})


def _enter(request: AddressRequest, way: Onward, user: EndUser) -> HttpResponse:
    session = request.browser.sign_in(user, request.headers.get("User-Agent", ""))
    tracing.leg("signed-in", user=user, test=user.test)
    return pages.See(way.url(session))


def _as_test_user(request: AddressRequest, way: Onward) -> HttpResponse:
    user = next((one for one in _test_users(request) if str(one.sub) == request.POST[TEST_USER]), None)
    if user is None:
        words = _("There is no such test user any more.")
        if not request.tenant.provider.development:
            words = _("The test users have ended: this project is in development no longer.")
        return _form(request, way, LoginForm(), status=422, words=words)
    if not user.is_active:
        return _refused(request, way, LoginForm(), signing_in.Try(closed=user))
    return _enter(request, way, user)


def _refused(request: AddressRequest, way: Onward, form: LoginForm, tried: signing_in.Try) -> HttpResponse:
    if tried.wait:
        tracing.leg("login", tracing.FAILED, codes.LOGIN_LIMITED, wait=tried.wait)
        return _later(_form(request, way, form, status=429, words=waiting.too_many(tried.wait)), tried.wait)
    if tried.closed:
        tracing.leg("login", tracing.FAILED, codes.USER_DISABLED, user=tried.closed)
        words = _("This account is closed. Ask %(name)s.") % {"name": request.tenant.hosted.contract.title}
        return _form(request, way, form, status=403, words=words)
    tracing.leg("login", tracing.FAILED, codes.PASSWORD_WRONG)
    words = _("That username and password do not belong together. Check both and try again.")
    return _form(request, way, form, status=422, words=words)


def _form(request: AddressRequest, way: Onward, form: LoginForm, *, status: int = 200, words: str = "") -> HttpResponse:
    """The page; ``words`` say what was wrong. What was typed stays, but for the password."""
    session = request.browser.session
    may_go_on = session is not None and not onward.stale(request, way.asked)
    context = {
        "form": form,
        "way": way,
        "words": words,
        "signup": way.page("signup") if request.tenant.provider.signup else "",
        "test_users": _test_users(request),
        "go_on": way.url(session, onward.CHOSEN) if may_go_on else "",
        "user": request.user,
        "initial": pages.letters(str(request.user))[:1] if request.user else "",
    }
    return pages.show(request, "login.html", context, status=status, returns=way.returns)


def _signup(request: AddressRequest, way: Onward, form: SignupForm, status: int = 200, words: str = "") -> HttpResponse:
    context = {"form": form, "way": way, "words": words, "login": way.page("login")}
    return pages.show(request, "signup.html", context, status=status, returns=way.returns)


def _test_users(request: AddressRequest) -> list[EndUser]:
    """Whom the page offers: nobody once the project is no longer in development."""
    if not request.tenant.provider.development:
        return []
    return list(EndUser.objects.filter(project_id=request.tenant.project_id, test=True).order_by("id")[:20])


def _later(response: HttpResponse, wait: int) -> HttpResponse:
    response["Retry-After"] = str(wait)
    return response
