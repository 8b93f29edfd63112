"""Simulated GPTs in the API: what their builder writes, and their actions; secrets go in and are never told."""

from rest_framework import serializers

from actionstudio.apps.api.fields import Choice, Flag, Line, Text
from actionstudio.apps.api.resource import Shape
from actionstudio.apps.simulator import dialog, setting
from actionstudio.apps.simulator.actions import LONGEST


class SaidLineShape(Shape):
    """One line of ChatGPT's editor: its ``text`` to the letter, ``level`` what it does, ``rule`` its number in
    docs/chatgpt-rules.md, ``explanation`` what it means."""

    text = serializers.CharField()
    level = serializers.CharField()
    rule = serializers.CharField()
    explanation = serializers.CharField()


class GptShape(Shape):
    """A GPT that exists in the studio alone. ``domains`` are those that its workspace allows; null: it has no such
    list. ``messages`` is what the editor says of the GPT itself."""

    key = serializers.CharField(read_only=True)
    name = Line(max_length=setting.NAME)
    description = Text(max_length=setting.DESCRIPTION)
    instructions = Text()
    starters = serializers.ListField(child=Line(max_length=setting.STARTER), required=False)
    public = Flag(required=False)
    category = Text(max_length=setting.CATEGORY)
    domains = serializers.ListField(child=Line(max_length=253), required=False, allow_null=True)
    actions = serializers.ListField(child=serializers.CharField(), read_only=True)
    messages = SaidLineShape(many=True, read_only=True)
    created = serializers.DateTimeField(read_only=True)
    updated = serializers.DateTimeField(read_only=True)


class GptsShape(Shape):
    """A project's GPTs, on one page."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = GptShape(many=True)


class AllowedShape(Shape):
    """A domain of which you have chosen "Always allow" in the GPT: its calls do not ask you first, unless they are
    consequential."""

    domain = serializers.CharField()
    created = serializers.DateTimeField()


class AllowedListShape(Shape):
    """All of them, on one page."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = AllowedShape(many=True)


class OAuthFields(Shape):
    """What ChatGPT's authentication dialog stores of OAuth, but for secrets."""

    client_url = Text(max_length=2000)
    authorization_url = Text(max_length=2000)
    authorization_content_type = Choice((dialog.FORM,), required=False)
    scope = Text(max_length=LONGEST)
    token_exchange_method = Choice(dialog.EXCHANGES, required=False)
    oauth_client_id = Text(max_length=LONGEST)


class StoredAuth(OAuthFields):
    """ChatGPT's authentication dialog as it stores it. ``client_url`` is the Authorization URL, ``authorization_url``
    the Token URL. ``automatic``: it is what the address asks for, and changes with it. ``api_key`` and
    ``oauth_client_secret`` are written only; left out, the one that is kept stays."""

    type = serializers.ChoiceField(dialog.TYPES, required=False)
    automatic = Flag(required=False)
    authorization_type = serializers.ChoiceField(dialog.KEYS, required=False)
    custom_auth_header = Text(max_length=200)
    api_key = Text(max_length=LONGEST, write_only=True)
    oauth_client_secret = Text(max_length=LONGEST, write_only=True)


class ImportChangeShape(Shape):
    """What the last import changed of an operation: ``kind`` is added, removed or changed; ``parts`` what of it."""

    kind = serializers.CharField()
    name = serializers.CharField()
    parts = serializers.ListField(child=serializers.CharField())


class ArrivedShape(Shape):
    """One operation of the document, and whether ChatGPT has it."""

    operationId = serializers.CharField()
    method = serializers.CharField()
    path = serializers.CharField()
    kept = serializers.BooleanField()
    dropped_parameters = serializers.ListField(child=serializers.CharField())


class ActionShape(Shape):
    """One action of a GPT: ``address`` is the name of one of your addresses, or ``url`` the link of a document.
    ``follows``: it always is what the address serves; else a copy, ``stale`` when a newer version is served.
    ``signed_in``: whether you are, null where there is no sign-in. ``messages`` is what the editor says of it."""

    key = serializers.CharField(read_only=True)
    address = Line(max_length=60, required=False, allow_null=True)
    url = Text(max_length=2000)
    follows = Flag(required=False)
    auth = StoredAuth(required=False)
    privacy_url = Text(max_length=2000)
    domain = serializers.CharField(read_only=True)
    revision = serializers.IntegerField(read_only=True)
    fetched = serializers.DateTimeField(read_only=True, allow_null=True)
    stale = serializers.BooleanField(read_only=True)
    changes = ImportChangeShape(many=True, read_only=True)
    secret_set = serializers.BooleanField(read_only=True)
    signed_in = serializers.BooleanField(read_only=True, allow_null=True)
    messages = SaidLineShape(many=True, read_only=True)
    operations = ArrivedShape(many=True, read_only=True)


class ActionsShape(Shape):
    """A GPT's actions, on one page."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ActionShape(many=True)


class SignInShape(Shape):
    """Where to sign in, in a browser in which you are signed in to the studio: it comes back there."""

    authorization_url = serializers.URLField()
    callback = serializers.URLField()
