"""Too many requests: allauth's limits answer with our page; on the sign-in page the words stand beside the form."""

from django.shortcuts import render
from django.urls import reverse

from actionstudio.apps.accounts.forms import LoginForm


def too_many(request, exception=None):
    """429."""
    if request.path == reverse("account_login"):
        form = LoginForm(request=request, initial={"login": request.POST.get("login", "")})
        response = render(request, "account/login.html", {"form": form, "limited": True}, status=429)
    else:
        response = render(request, "429.html", status=429)
    response["Retry-After"] = "60"
    return response
