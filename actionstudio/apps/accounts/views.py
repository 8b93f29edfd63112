"""Set-up, profile, API tokens, invitations."""

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.core.mail import send_mail
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from actionstudio.apps.accounts import forms, invitations, setup
from actionstudio.apps.accounts.models import ApiToken, Invitation
from actionstudio.apps.web import htmx

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
YEAR = 365 * 24 * 3600


@sensitive_post_parameters("password", "code")
@never_cache
def first_account(request):
    """The first account of an empty installation; afterwards there is nothing here."""
    if not setup.is_needed():
        raise Http404
    form = forms.SetupForm(request.POST or None, initial={"code": request.GET.get("code", "")})
    if form.is_valid():
        data = form.cleaned_data
        user = setup.create_first(data["email"], data["password"], data["name"])
        if user is None:
            raise Http404
        login(request, user, backend=BACKEND)
        record_authentication(request, user, method="password", email=user.email)
        return htmx.redirect(settings.LOGIN_REDIRECT_URL, _("Welcome. Make your first project."))
    return render(request, "accounts/setup.html", {"form": form}, status=422 if form.errors else 200)


@login_required
def profile(request):
    """Name, language, theme, zone, shortcuts."""
    form = forms.ProfileForm(request.POST or None, instance=request.user)
    if form.is_valid():
        user = form.save()
        response = htmx.redirect(reverse("accounts:profile"), _("Saved."))
        return _with_theme(response, user.theme)
    context = {"form": form, "nav": "account"}
    return render(request, "accounts/profile.html", context, status=422 if form.errors else 200)


def _with_theme(response, theme: str):
    """The cookie that the theme button writes too: the last choice wins in this browser."""
    if theme:
        response.set_cookie("theme", theme, max_age=YEAR, samesite="Lax")
    else:
        response.delete_cookie("theme")
    return response


@login_required
@never_cache
def tokens(request):
    """The reader's API tokens, and a new one, shown this once."""
    form = forms.TokenForm(request.POST or None)
    minted = ""
    if form.is_valid():
        _row, minted = ApiToken.mint(request.user, form.cleaned_data["name"], form.expires())
        form = forms.TokenForm()
    context = {"form": form, "minted": minted, "tokens": request.user.tokens.all(), "nav": "account"}
    return render(request, "accounts/tokens.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def token_revoke(request, pk: int):
    """Ends a token at once."""
    token = get_object_or_404(ApiToken, pk=pk, user=request.user)
    token.delete()
    return htmx.redirect(reverse("accounts:tokens"), _("“%(name)s” no longer works.") % {"name": token.name})


@login_required
@never_cache
def invitation_list(request):
    """Links that let somebody sign up."""
    form = forms.InvitationForm(request.POST or None)
    link = ""
    if form.is_valid():
        email = form.cleaned_data["email"]
        _row, link = invitations.mint(request.user, email)
        if email:
            _send(request.user, email, link)
        form = forms.InvitationForm()
    made = request.user.invitations.select_related("used_by")
    context = {"form": form, "link": link, "invitations": made, "nav": "account"}
    return render(request, "accounts/invitations.html", context, status=422 if form.errors else 200)


def _send(user, email: str, link: str) -> None:
    text = _("%(name)s invites you to Action Studio. The link works once, for 7 days:\n\n%(link)s\n")
    send_mail(
        _("[Action Studio] An invitation"), text % {"name": user.first_name or user.email, "link": link}, None, [email]
    )


@login_required
@require_POST
def invitation_revoke(request, pk: int):
    """Takes an unused invitation back."""
    get_object_or_404(Invitation, pk=pk, by=request.user, used__isnull=True).delete()
    return htmx.redirect(reverse("accounts:invitations"), _("The link no longer works."))


def invited(request, token: str):
    """Whoever opens an invitation's link may sign up with this browser."""
    if invitations.claim(token) is None:
        return render(request, "accounts/invitation_closed.html", status=404)
    request.session[invitations.SESSION_KEY] = token
    return htmx.redirect(reverse("account_signup"))
