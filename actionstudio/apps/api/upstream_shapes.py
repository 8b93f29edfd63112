"""Upstreams and secrets in the API: an upstream is the codec's JSON; a secret goes in and is named, never told."""

from rest_framework import serializers

from actionstudio.apps.api.answer_shapes import UpstreamField
from actionstudio.apps.api.fields import Number
from actionstudio.apps.api.resource import Shape

UPSTREAM = {"application/json": {"$ref": "#/components/schemas/Upstream"}}


class UpstreamsShape(Shape):
    """A project's upstreams, on one page."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = serializers.ListField(child=UpstreamField())


class SecretShape(Shape):
    """A secret by its name. ``set``: whether its text is kept (false: an upstream names it and it is to be given).

    ``upstreams`` are those that use it. The text itself is told to nobody.
    """

    name = serializers.CharField()
    set = serializers.BooleanField()
    last4 = serializers.CharField()
    changed = serializers.DateTimeField(allow_null=True)
    upstreams = serializers.ListField(child=serializers.CharField())


class SecretsShape(Shape):
    """A project's secrets, on one page."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = serializers.ListField(child=SecretShape())


class SecretText(Shape):
    """The text of a secret."""

    text = serializers.CharField(max_length=4000, trim_whitespace=False)


class AskWish(Shape):
    """What to ask an upstream: a GET of ``path`` (with its query) to the ``server``-th of its servers, from 0."""

    path = serializers.CharField(max_length=2000, required=False)
    server = Number(min_value=0, max_value=999, required=False)


class AskedShape(Shape):
    """What came of it. ``sent`` and ``headers`` are [name, value], without secrets; ``error`` says why no answer came
    (then ``status`` is 0). ``body`` is the beginning of the answer as text."""

    url = serializers.CharField()
    sent = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))
    milliseconds = Number()
    status = Number()
    kind = serializers.CharField()
    headers = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))
    body = serializers.CharField()
    error = serializers.CharField()
