"""One call that a person or a program asks for, without a chat: with an action of a GPT, or any document."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from actionstudio.apps.projects.models import Project
from actionstudio.apps.simulator import dialog, keeping, setting, signing
from actionstudio.apps.simulator.calling import acting, performing
from actionstudio.apps.simulator.calling.acting import Acting
from actionstudio.apps.simulator.calling.performed import REFUSED, Performed
from actionstudio.apps.simulator.models import Action, Allowed, Gpt, PluginInstall
from actionstudio.apps.traffic.models import Exchange
from actionstudio.core.chatgpt import consent as asking
from actionstudio.core.chatgpt import identity as identities
from actionstudio.core.chatgpt.credential import Credential, header
from actionstudio.core.chatgpt.identity import Identity
from actionstudio.core.chatgpt.told import REPORTED
from actionstudio.core.problem import Problem, Refused
from actionstudio.core.sendable import Refusal
from actionstudio.core.words import said

type JSON = Any
_ACTIONS = Action.objects.select_related("gpt__project", "address__project", "address__pinned")


@dataclass(frozen=True, slots=True)
class Wish:
    """A call. ``arguments`` is the text as a model would write it. ``action`` is the key of the one that calls, "" for
    the first. ``url`` is another document than its own, ``auth`` another authentication: the dialog's stored form with
    its secret as ``api_key`` or ``token``. ``conversation`` is the id that the call belongs to, "" for a new one."""

    operation_id: str
    arguments: str = "{}"
    consent: str | None = None
    mode: str = REPORTED
    url: str = ""
    auth: Mapping[str, JSON] | None = field(default=None, repr=False)
    conversation: str = ""
    retries: int = 0
    paced: bool = True
    action: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """What came of it. ``sign_in`` is the action at which the user has to sign in first, None when there is none."""

    performed: Performed
    identity: Identity
    acting: Acting
    sign_in: Action | None = None


@dataclass(frozen=True, slots=True)
class Bound:
    """An action with what its calls bear. ``unsigned``: nobody has signed in at ``action``, which asks for it."""

    acting: Acting
    gpt: Gpt
    credential: Credential | None = None
    action: Action | None = None
    unsigned: bool = False


def bound(project: Project, user: Any, url: str = "", auth: Mapping[str, JSON] | None = None, key: str = "") -> Bound:
    """The action of that key, else the first of the project's first GPT, or the one that a document makes, with its
    credential. Raises Refused."""
    gpt, action = _calling(project, key)
    given = None if auth is None else _given(auth)
    if url:
        text = acting.fetched(project, url)
        return Bound(acting.of_document(project, text, url, _bare(auth)), gpt, given)
    found = acting.of(action) if action is not None else acting.of_project(project)
    if auth is not None or action is None:
        return Bound(found, gpt, given, action)
    credential = credential_of(action, user)
    signs_in = action.auth.get("type") == dialog.OAUTH
    return Bound(found, gpt, credential, action, unsigned=signs_in and credential is None)


def choices(project: Project) -> list[Action]:
    """The actions that can call, each with its GPT, those of the first GPT first."""
    return list(_ACTIONS.filter(gpt__project=project).order_by("gpt_id", "position", "pk"))


def credential_of(action: Action, user: Any) -> Credential | None:
    """What the calls of an action bear: the user's own token (None: they have not signed in), or its dialog's key."""
    if action.auth.get("type") == dialog.OAUTH:
        token = signing.credential(action, user)
        return token and header(action.auth, token.access)
    return header(action.auth, keeping.secrets(action).get(keeping.KEY, ""))


def call(project: Project, user: Any, wish: Wish) -> Done:
    """Makes the call, or says why ChatGPT would not. Raises Refused for a wish that makes no sense."""
    one = bound(project, user, wish.url, wish.auth, wish.action)
    who = identity_of(one.gpt, user, wish.conversation)
    if one.unsigned and wish.operation_id not in one.acting.open:
        return Done(unsigned(one.acting), who, one.acting, one.action)
    performed = performing.perform(
        one.acting,
        wish.operation_id,
        wish.arguments,
        identity=who,
        credential=one.credential,
        consent=wish.consent,
        mode=wish.mode,
        always=is_allowed(one.gpt, user, one.acting.domain),
        first=not (wish.conversation and _known(one.gpt, wish.conversation)),
        retries=wish.retries,
        paced=wish.paced,
    )
    if wish.consent == asking.ALWAYS and performed.card is not None:
        allow(one.gpt, user, one.acting.domain)
    return Done(performed, who, one.acting)


def identity_of(gpt: Gpt | PluginInstall, user: Any, conversation: str = "") -> Identity:
    """Whom a call names: the GPT, a conversation (a new one unless told), and the user as they are called today."""
    talk = conversation or identities.conversation_id(secrets.token_hex(16))
    return identities.identity(gpt.key, talk, f"user {user.pk}", timezone.now().date())


def is_allowed(gpt: Gpt, user: Any, domain: str) -> bool:
    """Whether the user has chosen "Always allow" for the domain in this GPT."""
    return Allowed.objects.filter(gpt=gpt, user=user, domain=domain).exists()


def allow(gpt: Gpt, user: Any, domain: str) -> None:
    """Remembers that choice."""
    Allowed.objects.get_or_create(gpt=gpt, user=user, domain=domain)


def allowed(gpt: Gpt, user: Any) -> list[Allowed]:
    """The user's choices of that, the first first."""
    return list(Allowed.objects.filter(gpt=gpt, user=user).order_by("pk"))


def ask_again(gpt: Gpt, user: Any, domain: str) -> bool:
    """Takes that choice back: the next call to the domain asks. False: there was none."""
    return bool(Allowed.objects.filter(gpt=gpt, user=user, domain=domain).delete()[0])


def _calling(project: Project, key: str) -> tuple[Gpt, Action | None]:
    """The action of that key with its GPT, ready to use; without a key the first of each. Raises Refused."""
    if not key:
        gpt = setting.first(project)
        return gpt, _ACTIONS.filter(gpt=gpt).first()
    action = _ACTIONS.filter(gpt__project=project, key=key).first() if "\0" not in key else None
    if action is None:
        raise Refused(Problem("/action", _("No GPT of the project has an action of this key."), "unknown"))
    setting.ready(action.gpt)
    return action.gpt, _ACTIONS.get(pk=action.pk)


def _known(gpt: Gpt, conversation: str) -> bool:
    """Whether a call of this conversation with the GPT went through already: then its domain was allowed."""
    rows = Exchange.objects.filter(project_id=gpt.project_id, conversation_id=conversation, source="simulator")
    return rows.filter(gpt_id=gpt.key).exists()


def unsigned(one: Acting) -> Performed:
    """What comes of a call for which nobody has signed in."""
    message = said("Sign in with %(domain)s", domain=one.domain)
    refusal = Refusal("sign-in", message, said("ChatGPT asks its user to sign in before it calls."), "B")
    return Performed(REFUSED, "", "sign-in", refusal=refusal)


def _given(auth: Mapping[str, JSON]) -> Credential | None:
    secret = auth.get("token" if auth.get("type") == "oauth" else "api_key", "")
    try:
        return header(auth, str(secret or ""))
    except Refused as refused:
        raise Refused(*(Problem(f"/auth{one.pointer}", one.message, one.code) for one in refused.problems)) from None


def _bare(auth: Mapping[str, JSON] | None) -> dict[str, JSON]:
    return {name: value for name, value in (auth or {}).items() if name not in ("api_key", "token")}
