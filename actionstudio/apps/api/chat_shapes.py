"""The bodies of the API that speak of the simulator's chats."""

from rest_framework import serializers

from actionstudio.apps.api.call_shapes import CallFileShape
from actionstudio.apps.api.fields import Choice, JSONObject, JSONValue, Line, Number, Text
from actionstudio.apps.api.resource import Shape
from actionstudio.apps.simulator.chatting.turning import LONGEST
from actionstudio.apps.simulator.models import Chat, Message
from actionstudio.core.limits import FILES


class ChatWish(Shape):
    """A new chat. ``text`` is said at once, with ``files``. ``gpt`` is the key of one of the project's, its first one
    unless told; ``model`` the id of a model of yours, null for the scripted one."""

    text = Line(max_length=LONGEST, required=False)
    files = CallFileShape(many=True, required=False, max_length=FILES)
    gpt = Line(max_length=40, required=False)
    model = Number(required=False, allow_null=True)
    mode = Choice(Chat.Mode.values, required=False)
    title = Line(max_length=120, required=False)


class ChatChange(Shape):
    """What can be changed of a chat: what it is called, and who answers from now on."""

    title = Line(max_length=120, required=False)
    model = Number(required=False, allow_null=True)
    mode = Choice(Chat.Mode.values, required=False)


class ChatShape(Shape):
    """A chat. ``conversation`` is the id that its calls carry and that the log shows."""

    key = serializers.CharField()
    title = serializers.CharField()
    gpt = serializers.CharField()
    model = Number(allow_null=True)
    mode = Choice(Chat.Mode.values)
    conversation = serializers.CharField()
    state = Choice(Chat.State.choices)
    created = serializers.DateTimeField()
    updated = serializers.DateTimeField()


class ChatMessage(Shape):
    """One piece of a chat. ``data`` of a call holds its arguments, card, attempts and what the model was told; of an
    answer with the state ``failed`` its ``error`` has the code and the message of the model's server (``text`` is what
    had come before). ``versions`` are the ids of the messages that an edit or a new try has made in its place."""

    id = Number()
    parent = Number(allow_null=True)
    role = Choice(Message.Role.values)
    state = Choice(Message.State.choices)
    text = Text()
    data = JSONObject()
    usage = JSONObject()
    created = serializers.DateTimeField()
    versions = serializers.ListField(child=Number())


class ChatWhole(ChatShape):
    """A chat with the messages of the branch that is shown. ``waits`` is the id of the call whose card waits."""

    waits = Number(allow_null=True)
    messages = serializers.ListField(child=ChatMessage())


class ChatPage(Shape):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ChatShape(many=True)


class SayWish(Shape):
    """What is said next, and attached. ``instead_of`` is the id of a message of yours: another branch begins there,
    with its files and these."""

    text = Line(max_length=LONGEST)
    instead_of = Number(required=False)
    files = CallFileShape(many=True, required=False, max_length=FILES)


class ChoiceWish(Shape):
    """The button of a card; the yes and the no of one kind of card do for the other. ``arguments``
    are what is sent instead of the model's: an object, or a text as it is."""

    message = Number()
    choice = Choice(["confirm", "deny", "allow", "always", "decline"])
    arguments = JSONValue(required=False)
