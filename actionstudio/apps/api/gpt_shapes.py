"""The bodies of the API that speak of ChatGPT's import and of repairs."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from actionstudio.apps.api.fields import Choice, Flag, JSONObject, Line, Number, Text
from actionstudio.apps.api.resource import Shape
from actionstudio.core.importer.message import LAYERS, LEVELS


class EditorLineShape(Shape):
    """One line of ChatGPT's editor: ``text`` to the letter, the rest is what we know of it."""

    text = Text()
    level = Choice(choices=LEVELS)
    layer = Choice(choices=LAYERS, help_text="Who says it; silent: nobody, the text is ours.")
    rule = Text(help_text="Its number in docs/chatgpt-rules.md.")
    pointer = Text(help_text="Where in the document, a JSON Pointer.")
    explanation = Text()
    confidence = Text(help_text="A OpenAI's documentation, B reproduced, C several reports, D one report, E ours.")
    cause = Text(help_text="Lines of one cause are one defect.")
    repair = Text(help_text="The code of the repair that mends it; empty when a person must.")


class ImportedOperationShape(Shape):
    """One operation of the document; ``kept`` says whether ChatGPT has it afterwards."""

    operationId = Text()
    method = Text()
    path = Text()
    kept = Flag()
    dropped_parameters = serializers.ListField(child=Text())


class OutcomeShape(Shape):
    """What ChatGPT makes of a document. ``more`` counts messages beyond those listed."""

    fatal = Flag()
    messages = EditorLineShape(many=True)
    silent = EditorLineShape(many=True)
    more = Number()
    operations = ImportedOperationShape(many=True)


class ChatGptImportShape(OutcomeShape):
    """``typescript`` is what the model sees, ``tokens`` about how many it costs."""

    typescript = Text()
    characters = Number()
    tokens = Number()


class RepairedShape(OutcomeShape):
    """The import of the document after the repairs ``applied``, at an address of ours."""

    applied = serializers.ListField(child=Line())


class CheckedShape(ChatGptImportShape):
    """``after`` is null when the text describes no API that we can read; ``problems`` say why not."""

    format = Text()
    converted = Flag(help_text="Whether the text is in another format: everything is about the document made of it.")
    as_it_is = OutcomeShape(allow_null=True, help_text="Of a converted text: what ChatGPT says to the text itself.")
    after = RepairedShape(allow_null=True)
    problems = serializers.ListField(child=JSONObject())


class RepairShape(Shape):
    """A repair. ``count`` things change, ``review`` of them are texts to look at; ``shapes``: calls change their shape,
    so that they work at an address of this studio only."""

    code = Line()
    title = Text()
    about = Text()
    count = Number()
    shapes = Flag()
    review = Number()
    options = serializers.JSONField(required=False, help_text="Of those that are on.")


class RepairsShape(Shape):
    applicable = RepairShape(many=True)
    active = RepairShape(many=True)


class RepairPost(Shape):
    """``codes``: those to switch on, or "all" that apply; or ``undo``: those to take back."""

    codes = serializers.JSONField(required=False, help_text="A list of codes, or “all”.")
    options = JSONObject(required=False, help_text="Options by code.")
    undo = serializers.ListField(child=Line(), required=False, allow_empty=False)

    def validate_codes(self, codes):
        if codes == "all" or (isinstance(codes, list) and codes and all(isinstance(code, str) for code in codes)):
            return codes
        raise serializers.ValidationError(_("Give a list of codes, or “all”."), code="codes")

    def validate(self, data):
        if ("codes" in data) == ("undo" in data):
            raise serializers.ValidationError(_("Give exactly one of “codes” and “undo”."), code="codes-or-undo")
        return data


class NoteShape(Shape):
    """What a repair did: where in the document as written, and in plain words what. ``review``: look at it."""

    code = Line()
    pointer = Text()
    message = Text()
    review = Flag()


class RepairDoneShape(Shape):
    """``revision`` is null when nothing changed; ``remaining`` are the messages that ChatGPT still shows."""

    revision = Number(allow_null=True)
    applied = serializers.ListField(child=Line())
    undone = serializers.ListField(child=Line())
    notes = NoteShape(many=True)
    remaining = EditorLineShape(many=True)
