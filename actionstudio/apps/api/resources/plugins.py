"""Plugins of 2023 in the simulator: found by their domain, verified, given their secrets, installed, called."""

import json
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from actionstudio.apps.api import call_shapes, simulated_shapes
from actionstudio.apps.api import plugin_shapes as shapes
from actionstudio.apps.api.resource import Resource
from actionstudio.apps.api.resources.calls import plain
from actionstudio.apps.api.resources.simulated_gpts import message
from actionstudio.apps.simulator import automatic, keeping
from actionstudio.apps.simulator.models import PluginInstall
from actionstudio.apps.simulator.plugins import calling, installing, judging, own, signing
from actionstudio.apps.web.telling import told
from actionstudio.core.chatgpt.plugin.flaw import Flaw
from actionstudio.core.chatgpt.plugin.reading import OAUTH
from actionstudio.core.chatgpt.told import REPORTED

_PLAIN = ("key", "domain", "url", "manifest", "token", "verified", "installed", "fault")


def shown(row: PluginInstall) -> dict[str, Any]:
    """An install as the API shows it, without the texts of its secrets."""
    found, held = judging.judged(row), keeping.held(row)
    return {name: getattr(row, name) for name in _PLAIN} | {
        "root": found.root,
        "document": found.manifest.document,
        "server": found.imported.server,
        "flaws": [_flaw(one) for one in found.flaws],
        "messages": [message(one) for one in found.imported.messages],
        "error": found.error,
        "operations": [op.operation_id for op in found.imported.kept],
        "namespace": found.namespace,
        "lacks": list(found.lacks),
        "client_id": row.oauth_client_id,
        "secret_set": bool(held.get(judging.CREDENTIAL) or held.get(judging.CLIENT_SECRET)),
        "signed_in": not signing.needed(row) if found.manifest.kind == OAUTH else None,
    }


def _flaw(one: Flaw) -> dict[str, str]:
    names = ("rule", "level", "pointer", "said", "sure")
    return {name: str(getattr(one, name)) for name in names} | {"message": told(one.message)}


class _OfPlugin(Resource):
    """What is about one of your plugins."""

    def row(self, key: str) -> PluginInstall:
        rows = PluginInstall.objects.select_related("project", "user", "client")
        return get_object_or_404(rows, project=self.changeable(), user=self.request.user, key=key)


class PluginList(Resource):
    """Your plugins in a project."""

    @extend_schema(operation_id="simulator_plugins_list", responses=shapes.PluginsShape)
    def get(self, request, slug):
        """All of them on one page, as they were found last."""
        rows = PluginInstall.objects.filter(project=self.project(), user=request.user)
        return Response({"next": None, "previous": None, "results": [shown(row) for row in rows]})

    @extend_schema(
        operation_id="simulator_plugins_find", request=shapes.PluginWish, responses={201: shapes.PluginShape}
    )
    def post(self, request, slug):
        """Finds the manifest of a domain. One that was found before is found anew, and is to be installed again."""
        project = self.changeable()
        return Response(shown(installing.find(project, request.user, self.read(shapes.PluginWish)["domain"])), 201)


class PluginOne(_OfPlugin):
    """One of your plugins."""

    @extend_schema(operation_id="simulator_plugins_read", responses=shapes.PluginShape)
    def get(self, request, slug, key):
        """As it was found last, with what is wrong with it and what it lacks."""
        return Response(shown(self.row(key)))

    @extend_schema(operation_id="simulator_plugins_give", request=shapes.PluginSecrets, responses=shapes.PluginShape)
    def patch(self, request, slug, key):
        """Gives it what it signs in with. A secret that is left out stays."""
        row, data = self.row(key), self.read(shapes.PluginSecrets)
        if data.get("automatic"):
            return Response(shown(own.fill(row)))
        client_id = data.get("client_id", row.oauth_client_id)
        return Response(shown(installing.give(row, secret=data.get("secret"), client_id=client_id)))

    @extend_schema(operation_id="simulator_plugins_delete", responses={204: None})
    def delete(self, request, slug, key):
        """Removes it, with its sign-in and what was made for it."""
        installing.remove(self.row(key))
        return Response(status=204)


class PluginToken(_OfPlugin):
    """The verification token."""

    @extend_schema(operation_id="simulator_plugins_place_token", request=None, responses=shapes.PluginShape)
    def put(self, request, slug, key):
        """Puts it into the project's own manifest, as a new version; then verify it."""
        row = self.row(key)
        own.place_token(row, request.user)
        return Response(shown(row))

    @extend_schema(operation_id="simulator_plugins_verify", request=None, responses=shapes.PluginShape)
    def post(self, request, slug, key):
        """Fetches the manifest again and looks for the token."""
        return Response(shown(installing.verify(self.row(key))))


class PluginInstalling(_OfPlugin):
    """The last step."""

    @extend_schema(operation_id="simulator_plugins_install", request=None, responses=shapes.PluginShape)
    def post(self, request, slug, key):
        """Installs it, when it lacks nothing."""
        return Response(shown(installing.install(self.row(key))))


class PluginSignIn(_OfPlugin):
    """Your sign-in at a plugin with OAuth."""

    @extend_schema(operation_id="simulator_plugins_sign_in", request=None, responses=simulated_shapes.SignInShape)
    def post(self, request, slug, key):
        """Begins one: open the URL in a browser in which you are signed in to the studio."""
        row = self.row(key)
        url = signing.begin(row, reverse("simulator:plugin", args=[slug, row.key]))
        return Response({"authorization_url": url, "callback": automatic.callback_url()})

    @extend_schema(operation_id="simulator_plugins_sign_out", responses={204: None})
    def delete(self, request, slug, key):
        """Signs you out, here alone."""
        signing.forget(self.row(key))
        return Response(status=204)


class PluginCalls(_OfPlugin):
    """Calls of an installed plugin."""

    @extend_schema(
        operation_id="simulator_plugins_call", request=shapes.PluginCallWish, responses=call_shapes.CallShape
    )
    def post(self, request, slug, key):
        """Makes one call with the headers of 2023, after asking for the document again."""
        row, data = self.row(key), self.read(shapes.PluginCallWish)
        given = data.get("arguments", {})
        wish = calling.Wish(
            data["operation_id"],
            given if isinstance(given, str) else json.dumps(given),
            data.get("mode", REPORTED),
            str(data.get("conversation_id", "")),
            data.get("retries", 0),
            data.get("pace", True),
        )
        return Response(plain(calling.call(row, wish), []))
