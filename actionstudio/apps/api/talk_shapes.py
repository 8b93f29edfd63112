"""The bodies of the API that speak of conversations."""

from rest_framework import serializers

from actionstudio.apps.api.fields import Flag, JSONValue, Number, Text
from actionstudio.apps.api.resource import Shape
from actionstudio.core.debugging import reading


class ConversationShape(Shape):
    """Calls that belong together. ``kind``, what holds them: id (openai-conversation-id), user, person or client."""

    key = Text()
    kind = Text()
    conversation_id = Text()
    gpt_id = Text()
    user_id = Text(help_text="ChatGPT's ephemeral user.")
    person = Text(help_text="The sub of the end user who had signed in; empty without one.")
    who = Text(help_text="Their name then.")
    client = Text()
    first = Text(help_text="req_…")
    last = Text(help_text="req_…")
    started = serializers.DateTimeField()
    ended = serializers.DateTimeField(help_text="When the last call came.")
    calls = Number()
    failed = Number(help_text="Answered with 400 or above.")
    refused = Number(help_text="Of these: turned away at the door, or for their credential.")
    callbacks = Number()
    revisions = serializers.ListField(child=Number(), help_text="Which versions answered.")


class ConversationPage(Shape):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ConversationShape(many=True)


class TimelineEntry(Shape):
    """One thing that happened: a document, leg (of a sign-in), call, refused call or callback."""

    kind = Text()
    exchange = Text(help_text="req_…")
    at = serializers.DateTimeField()
    method = Text()
    path = Text()
    query = Text()
    operation_id = Text()
    status = Number()
    duration_us = Number()
    pause_ms = Number(help_text="Since the one before, where that is 5 seconds or more; else 0.")
    retry_of = Text(help_text="The call that it repeats after a failure; else empty.")
    arguments = Text(help_text="In one line, cut where they are long.")
    verdict = Text()


class ConversationWhole(ConversationShape):
    """A conversation with a page of its timeline, oldest first."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    timeline = TimelineEntry(many=True)


class DebugTextWish(Shape):
    """The text that the GPT editor's preview shows of its calls."""

    text = Text(max_length=reading.LONGEST, required=True)


class ArgumentShape(Shape):
    """``kind``: same, changed, missing (it did not arrive), extra, or hidden (a part is masked or cut)."""

    name = Text()
    kind = Text()
    said = JSONValue(allow_null=True)
    arrived = JSONValue(allow_null=True)


class BesideShape(Shape):
    """A call on both sides, or on one. ``line``: where in the text; ``exchange``: in the log."""

    line = Number(allow_null=True)
    operation = Text()
    error = Text()
    exchange = Text(allow_null=True)
    reason = Text(help_text="Why it is not in the log, as a code; else empty.")
    said_status = Number(allow_null=True)
    status = Number(allow_null=True)
    same_answer = Flag(allow_null=True, help_text="null: not known.")
    arguments = ArgumentShape(many=True)


class DebugTextShape(Shape):
    """What was pasted, masked as the log is, and its calls beside those of the log."""

    text = Text()
    author = Text()
    changed = serializers.DateTimeField()
    matched = Number()
    differing = Number()
    only_said = Number()
    only_logged = Number()
    calls = BesideShape(many=True)
