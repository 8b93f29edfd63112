"""What a project's sign-in still lacks before anybody uses it, for the first steps (library/steps.py)."""

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from actionstudio.apps.library.steps import Need
from actionstudio.apps.oauth import registering
from actionstudio.apps.oauth.models import Client, SignIn, UserKey
from actionstudio.apps.projects.models import Project
from actionstudio.core.auth import OAuth, UserHttp
from actionstudio.core.contract import Contract


def _own(project: Project) -> QuerySet[Client]:
    """The clients that can be used, but those of the studio's own simulator."""
    return project.clients.filter(enabled=True).exclude(registering.SIMULATED)


def _without_secret(project: Project) -> Client | None:
    """The client that lacks a secret, where no other one can be used."""
    mine = _own(project)
    living = Q(secrets__expires=None, secrets__isnull=False) | Q(secrets__expires__gt=timezone.now())
    if mine.filter(Q(token_method=Client.Method.NONE) | living).exists():
        return None
    return mine.first()


def need(project: Project, contract: Contract) -> Need | None:
    """The client or the key that is missing, None when nothing is."""
    auth = contract.auth
    if isinstance(auth, OAuth) and auth.ours and not _own(project).exists():
        words = _("People sign in to a client: it gives ChatGPT its Client ID and Client Secret.")
        return Need(_("Make a client for the GPT"), words, reverse("oauth:client-new", args=[project.slug]))
    if isinstance(auth, UserHttp) and not UserKey.objects.filter(user__project=project, revoked=None).exists():
        words = _("Without one every call is refused.")
        return Need(_("Issue a key to a person"), words, reverse("oauth:users", args=[project.slug]))
    return None


def trial(project: Project, contract: Contract) -> Need | None:
    """A sign-in that was tried and passed, where people sign in here; None when there was one."""
    auth = contract.auth
    if not (isinstance(auth, OAuth) and auth.ours) or project.sign_ins.filter(outcome=SignIn.Outcome.PASSED).exists():
        return None
    words = _("The emulator signs a test user in as ChatGPT does, calls with the token, and shows each step.")
    return Need(_("Try a sign-in"), words, reverse("signin:emulator", args=[project.slug]))


def secret(project: Project, contract: Contract) -> Need | None:
    """The secret that ChatGPT asks for, where no client can be used without; None when there is one."""
    auth = contract.auth
    if not (isinstance(auth, OAuth) and auth.ours) or (client := _without_secret(project)) is None:
        return None
    words = _("ChatGPT asks for a Client Secret, and no client has one yet. It is shown once, when it is made.")
    return Need(_("Make the client secret"), words, reverse("oauth:client", args=[project.slug, client.client_id]))
