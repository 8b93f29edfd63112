"""The bodies of the API that speak of the checks."""

from rest_framework import serializers

from actionstudio.apps.api.fields import Choice, Line, Number, Text
from actionstudio.apps.api.resource import Shape
from actionstudio.core.lint import LEVELS


class JudgedShape(Shape):
    """One thing to look at."""

    code = Text(help_text="The rule; “help” leads to its page.")
    level = Choice(choices=LEVELS)
    pointer = Text(help_text="Where in the project's whole document, a JSON Pointer.")
    message = Text(help_text="What it is and the cure, in your language.")
    said = Text(help_text="ChatGPT's own words, where they are known.")
    fix = Text(help_text="The code of the repair that would mend it; empty when a person must.")
    waived = Text(help_text="The reason for which it is waived; empty when it is not.")
    help = serializers.URLField()


class CountsShape(Shape):
    """How many findings there are of each level, without those that are waived."""

    def get_fields(self):
        return {level: Number() for level in LEVELS}


class LintShape(Shape):
    findings = JudgedShape(many=True)
    counts = CountsShape()


class WaiverShape(Shape):
    """A decision to live with a finding."""

    code = Line(max_length=100, help_text="The rule's code.")
    pointer = Text(max_length=4000, help_text="A JSON Pointer; what is inside of it is meant too. Empty: everywhere.")
    reason = Text(max_length=500, required=True, allow_blank=False)
