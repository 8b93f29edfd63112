"""The bodies of the API that speak of plugins of 2023."""

from rest_framework import serializers

from actionstudio.apps.api.call_shapes import Arguments
from actionstudio.apps.api.fields import Choice, Flag, Line, Number, Text
from actionstudio.apps.api.resource import Shape
from actionstudio.apps.simulator.plugins import installing
from actionstudio.core.chatgpt import told
from actionstudio.core.chatgpt.pacing import MOST_RETRIES
from actionstudio.core.chatgpt.plugin import flaw


class PluginWish(Shape):
    """A plugin to look for: the domain at whose root its manifest lies."""

    domain = Line(max_length=500)


class PluginSecrets(Shape):
    """What an install is given. ``secret``: a user's or the service's token, or the secret of OAuth's client
    ``client_id``; it is sealed and never shown. ``automatic``: at an address of the project, one is made instead."""

    secret = Text()
    client_id = Line(max_length=installing.ID_LONGEST, required=False, allow_blank=True)
    automatic = Flag(required=False)


class FlawShape(Shape):
    """What is wrong with a manifest or its servers, by the rules of 2023 (``rule``: docs/chatgpt-rules.md)."""

    rule = serializers.CharField()
    level = Choice(choices=flaw.LEVELS)
    pointer = serializers.CharField(allow_blank=True)
    message = serializers.CharField()
    said = serializers.CharField(allow_blank=True)
    sure = serializers.CharField()


class PluginMessage(Shape):
    """A line of the converter about the document."""

    text = serializers.CharField()
    level = serializers.CharField()
    rule = serializers.CharField()
    explanation = serializers.CharField(allow_blank=True)


class PluginShape(Shape):
    """A plugin that you install. ``lacks`` says what is to be done before: flawed, token (put ``token`` into the
    manifest and verify it), secret. ``error`` is what a conversation would have ended with."""

    key = serializers.CharField()
    domain = serializers.CharField()
    url = serializers.CharField()
    root = serializers.CharField()
    manifest = serializers.JSONField()
    document = serializers.CharField(allow_blank=True)
    server = serializers.CharField(allow_blank=True)
    flaws = FlawShape(many=True)
    messages = PluginMessage(many=True)
    error = serializers.CharField(allow_blank=True)
    operations = serializers.ListField(child=serializers.CharField())
    namespace = serializers.CharField(allow_blank=True)
    token = serializers.CharField()
    lacks = serializers.ListField(child=serializers.CharField())
    verified = serializers.DateTimeField(allow_null=True)
    installed = serializers.DateTimeField(allow_null=True)
    client_id = serializers.CharField(allow_blank=True)
    secret_set = serializers.BooleanField()
    signed_in = serializers.BooleanField(allow_null=True)
    fault = serializers.CharField(allow_blank=True)


class PluginsShape(Shape):
    """Your plugins in a project, on one page."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = PluginShape(many=True)


class PluginCallWish(Shape):
    """One call of an installed plugin. Its document is asked for again first; nobody is asked."""

    operation_id = Line(max_length=200)
    arguments = Arguments(required=False)
    mode = Choice(choices=told.MODES, required=False, help_text="What the model is told of an answer that is no 2xx.")
    conversation_id = serializers.UUIDField(required=False)
    retries = Number(required=False, min_value=0, max_value=MOST_RETRIES, help_text="After 429 and 5xx.")
    pace = Flag(required=False, help_text="false: also while ChatGPT would hold back after failures.")
