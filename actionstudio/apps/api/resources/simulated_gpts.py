"""The simulated GPTs of a project and their actions."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from actionstudio.apps.api import simulated_shapes as shapes
from actionstudio.apps.api.resource import Resource
from actionstudio.apps.gpt import simulating
from actionstudio.apps.projects import access
from actionstudio.apps.publishing.models import Address
from actionstudio.apps.simulator import actions, automatic, dialog, judging, keeping, places, setting, signing
from actionstudio.apps.simulator.actions import Given
from actionstudio.apps.simulator.calling import by_hand
from actionstudio.apps.simulator.models import Action, Gpt
from actionstudio.core.importer import Import, Message
from actionstudio.core.problem import Problem, Refused

_PLAIN = ("key", "name", "description", "instructions", "starters", "public", "category", "domains")
_STORED = ("client_url", "authorization_url", "scope", "token_exchange_method", "oauth_client_id")
_ROWS = ("address__project", "address__pinned", "client", "gpt__project")


def shown(gpt: Gpt) -> dict[str, Any]:
    """A GPT as the API shows it."""
    return {name: getattr(gpt, name) for name in _PLAIN} | {
        "actions": [action.key for action in gpt.actions.all()],
        "messages": [message(one) for one in judging.of_itself(gpt)],
        "created": gpt.created,
        "updated": gpt.updated,
    }


def message(one: Message) -> dict[str, str]:
    return {"text": one.text, "level": one.level, "rule": one.rule, "explanation": str(one.explanation)}


def action_shown(row: Action, user) -> dict[str, Any]:
    """An action as the API shows it, without the texts of its secrets."""
    try:
        found = judging.of_action(row, judging.hosts(row.gpt, row))
    except Refused:  # its address is gone
        found = Import(True)
    copied = row.address is not None and not row.follows and bool(row.document)
    return {
        "key": row.key,
        "address": row.address.name if row.address else None,
        "url": row.url,
        "follows": row.follows,
        "auth": row.auth | {"automatic": row.automatic},
        "privacy_url": row.privacy_url,
        "domain": found.host,
        "revision": row.revision,
        "fetched": row.fetched,
        "stale": copied and places.served(row.address)[1] != row.revision,
        "changes": row.changes,
        "secret_set": bool(keeping.secrets(row)),
        "signed_in": not signing.needed(row, user) if row.auth.get("type") == dialog.OAUTH else None,
        "messages": [message(one) for one in found.messages],
        "operations": simulating.operations(found),
    }


class GptList(Resource):
    """The GPTs that a project has in the simulator."""

    @extend_schema(operation_id="simulator_gpts_list", responses=shapes.GptsShape)
    def get(self, request, slug):
        """All of them on one page. The first is there by itself."""
        project = self.project()
        setting.first(project)
        rows = project.gpts.prefetch_related("actions")
        return Response({"next": None, "previous": None, "results": [shown(row) for row in rows]})

    @extend_schema(operation_id="simulator_gpts_create", request=shapes.GptShape, responses={201: shapes.GptShape})
    def post(self, request, slug):
        """Makes a GPT, with the project's own address as its first action."""
        project = self.changeable()
        setting.first(project)
        return Response(shown(setting.make(project, self.read(shapes.GptShape))), 201)


class GptOne(Resource):
    """One simulated GPT."""

    @extend_schema(operation_id="simulator_gpts_read", responses=shapes.GptShape)
    def get(self, request, slug, key):
        """One GPT, brought up to date with what its address asks for."""
        gpt = _gpt(self.project(), key)
        setting.ready(gpt)
        return Response(shown(gpt))

    @extend_schema(operation_id="simulator_gpts_change", request=shapes.GptShape, responses=shapes.GptShape)
    def patch(self, request, slug, key):
        """Changes what is given."""
        gpt = _gpt(self.changeable(), key)
        return Response(shown(setting.change(gpt, self.read(shapes.GptShape, partial=True))))

    @extend_schema(operation_id="simulator_gpts_delete", responses={204: None})
    def delete(self, request, slug, key):
        """Deletes it with its chats, and with what was made for its actions."""
        setting.delete(_gpt(self.changeable(), key))
        return Response(status=204)


class AllowedList(Resource):
    """The domains that you always allow in a simulated GPT."""

    @extend_schema(operation_id="simulator_allowed_list", responses=shapes.AllowedListShape)
    def get(self, request, slug, key):
        """Your own choices of "Always allow", the first first."""
        rows = by_hand.allowed(_gpt(self.project(), key), request.user)
        found = [{"domain": row.domain, "created": row.created} for row in rows]
        return Response({"next": None, "previous": None, "results": found})


class AllowedOne(Resource):
    """One domain that you always allow."""

    @extend_schema(operation_id="simulator_ask_again", responses={204: None})
    def delete(self, request, slug, key, domain):
        """Takes your choice back: the next call to the domain asks again."""
        if not by_hand.ask_again(_gpt(self.changeable(), key), request.user, domain):
            raise Http404(_("You have not always allowed this domain."))
        return Response(status=204)


class ActionList(Resource):
    """The actions of a simulated GPT."""

    @extend_schema(operation_id="simulator_actions_list", responses=shapes.ActionsShape)
    def get(self, request, slug, key):
        """All of them on one page, with what the editor says of each in the company of the others."""
        gpt = _gpt(self.project(), key)
        setting.ready(gpt)
        found = [action_shown(row, request.user) for row in gpt.actions.select_related(*_ROWS)]
        return Response({"next": None, "previous": None, "results": found})

    @extend_schema(
        operation_id="simulator_actions_create", request=shapes.ActionShape, responses={201: shapes.ActionShape}
    )
    def post(self, request, slug, key):
        """Adds an action; its document is fetched. One of a domain that the GPT has already is refused."""
        gpt = _gpt(self.changeable(), key)
        given = _given(self.read(shapes.ActionShape), request.user)
        return Response(action_shown(_saved(gpt, given), request.user), 201)


class ActionOne(Resource):
    """One action of a simulated GPT."""

    @extend_schema(operation_id="simulator_actions_read", responses=shapes.ActionShape)
    def get(self, request, slug, key, action):
        """One action, with the operations that arrive."""
        row = automatic.settle(_action(self.project(), key, action))
        return Response(action_shown(row, request.user))

    @extend_schema(operation_id="simulator_actions_change", request=shapes.ActionShape, responses=shapes.ActionShape)
    def patch(self, request, slug, key, action):
        """Changes what is given; ``auth`` as a whole, but for a secret that is left out."""
        row = _action(self.changeable(), key, action)
        given = _given(self.read(shapes.ActionShape, partial=True), request.user, row)
        return Response(action_shown(_saved(row.gpt, given, row), request.user))

    @extend_schema(operation_id="simulator_actions_delete", responses={204: None})
    def delete(self, request, slug, key, action):
        """Removes it, with its key or client and all its sign-ins."""
        actions.remove(_action(self.changeable(), key, action))
        return Response(status=204)


class ActionTake(Resource):
    """Importing the document of an action again."""

    @extend_schema(operation_id="simulator_actions_take", request=None, responses=shapes.ActionShape)
    def post(self, request, slug, key, action):
        """Takes the document anew; ``changes`` tells what that changed."""
        row = actions.take(_action(self.changeable(), key, action))
        return Response(action_shown(row, request.user))


class ActionSignIn(Resource):
    """Your own sign-in at an action with OAuth."""

    @extend_schema(operation_id="simulator_sign_in", request=None, responses=shapes.SignInShape)
    def post(self, request, slug, key, action):
        """Begins one: open the URL in a browser in which you are signed in to the studio."""
        row = _action(self.changeable(), key, action)
        back = reverse("simulator:action", args=[slug, row.key])
        url = signing.begin(row, request.user, back)
        return Response({"authorization_url": url, "callback": automatic.callback_url()})

    @extend_schema(operation_id="simulator_sign_out", responses={204: None})
    def delete(self, request, slug, key, action):
        """Signs you out, here alone: the action's server is not told."""
        if not signing.forget(_action(self.changeable(), key, action), request.user):
            raise Http404(_("You are not signed in there."))
        return Response(status=204)


def _saved(gpt: Gpt, given: Given, row: Action | None = None) -> Action:
    """The action as kept. What is wrong with the dialog is told at its place in the body."""
    try:
        saved = actions.save(gpt, given, row)
    except Refused as refused:
        raise Refused(*(Problem(_at(one.pointer, given), one.message, one.code) for one in refused.problems)) from None
    return Action.objects.select_related(*_ROWS).get(pk=saved.pk)


def _at(pointer: str, given: Given) -> str:
    if pointer == "/secret":
        return "/auth/api_key" if given.auth.get("type") == dialog.KEY else "/auth/oauth_client_secret"
    return pointer if pointer in ("", "/url", "/address", "/privacy_url", "/auth") else f"/auth{pointer}"


def _given(body: dict[str, Any], user, row: Action | None = None) -> Given:
    """What the body says, over what the action is now."""
    address, url = (row.address, row.url) if row else (None, "")
    if "address" in body:
        address, url = _address(body["address"], user), body.get("url", "")
    elif "url" in body:
        address, url = None, body["url"].strip()
    auth, made, secret = _auth(body.get("auth"), row, address)
    return Given(
        address=address,
        url=url,
        follows=body.get("follows", row.follows if row else True),
        automatic=made,
        auth=auth,
        secret=secret,
        privacy_url=body.get("privacy_url", row.privacy_url if row else "").strip(),
    )


def _auth(told: dict[str, Any] | None, row: Action | None, address: Address | None) -> tuple[dialog.Stored, bool, str]:
    """The dialog's stored form, whether it is automatic, and the secret."""
    if told is None:
        usual = (row.auth, row.automatic) if row else (dialog.none(), address is not None)
        return usual[0], usual[1] and address is not None, ""
    if told.get("automatic"):
        return dialog.none(), True, ""
    kind = told.get("type", dialog.NONE)
    if kind == dialog.KEY:
        named = told.get("authorization_type", dialog.BASIC), told.get("custom_auth_header", "").strip()
        return dialog.key(*named), False, told.get("api_key", "")
    if kind == dialog.OAUTH:
        texts = {"token_exchange_method": dialog.POST} | told
        made = dialog.oauth(*(str(texts.get(name, "")).strip() for name in _STORED))
        return made, False, told.get("oauth_client_secret", "")
    return dialog.none(), False, ""


def _address(name: str | None, user) -> Address | None:
    if name is None:
        return None
    rows = Address.objects.select_related("project", "pinned").filter(project__in=access.mine(user), name=name)
    found = rows.first()
    if found is None:
        raise Refused(Problem("/address", _("You have no address of that name."), "unknown"))
    return found


def _gpt(project, key: str) -> Gpt:
    return get_object_or_404(Gpt.objects.select_related("project"), project=project, key=key)


def _action(project, key: str, action: str) -> Action:
    rows = Action.objects.select_related(*_ROWS)
    return get_object_or_404(rows, gpt__project=project, gpt__key=key, key=action)
