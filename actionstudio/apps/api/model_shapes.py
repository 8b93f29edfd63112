"""Models that can be asked: their keys go in, and are told to nobody."""

from rest_framework import serializers

from actionstudio.apps.api.fields import Amount, Choice, Flag, Line, Number, Text
from actionstudio.apps.api.resource import Shape
from actionstudio.apps.simulator.models import Endpoint


class ModelShape(Shape):
    """A model of a server. ``shared``: it is everybody's on this installation. ``environment``: its server and its key
    are what the operator has set there. ``changeable``: you may change, test and delete it. ``key_set``: a key is kept;
    ``last4`` is how it ends, for those who may change it. Prices are US dollars for a million tokens. ``tested`` is
    when it was last tested, ``fault`` what was wrong then."""

    id = Number()
    name = Text()
    base_url = Text()
    model = Text()
    protocol = Choice(choices=Endpoint.Protocol.values)
    shared = Flag()
    environment = Flag()
    changeable = Flag()
    key_set = Flag()
    last4 = Text()
    temperature = Amount(allow_null=True)
    max_tokens = Number(allow_null=True)
    seconds = Number()
    stream = Flag()
    price_in = Amount(allow_null=True)
    price_out = Amount(allow_null=True)
    tested = serializers.DateTimeField(allow_null=True)
    fault = Text()


class ModelsShape(Shape):
    """The models that you may ask, on one page."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ModelShape(many=True)


class ModelWish(Shape):
    """A model. ``key`` is kept encrypted; "" forgets it, and without it the one there is stays. ``temperature`` from 0
    to 2, ``seconds`` (to wait while nothing comes) from 1 to 600."""

    name = Line(max_length=80)
    base_url = Line(max_length=500)
    model = Line(max_length=120)
    protocol = Choice(choices=Endpoint.Protocol.values, required=False)
    key = Text(max_length=2000)
    temperature = Amount(min_value=0, max_value=2, allow_null=True, required=False)
    max_tokens = Number(min_value=1, max_value=1_000_000, allow_null=True, required=False)
    seconds = Number(min_value=1, max_value=600, required=False)
    stream = Flag(required=False)
    price_in = Amount(min_value=0, max_value=100_000, allow_null=True, required=False)
    price_out = Amount(min_value=0, max_value=100_000, allow_null=True, required=False)


class NewModelWish(ModelWish):
    """A new model. ``shared`` (staff only) makes it everybody's."""

    shared = Flag(required=False)


class ModelTestShape(Shape):
    """What came of a test: one small question with a function to call. ``error`` and ``code`` say why no answer came.
    ``calls``: the model called the function. ``left_out`` are members of the request that the server does not want.
    ``models`` are those that the server has, told when it does not know this one."""

    ok = Flag()
    code = Text()
    error = Text()
    text = Text()
    calls = Flag()
    streamed = Flag()
    prompt_tokens = Number(allow_null=True)
    completion_tokens = Number(allow_null=True)
    dollars = Amount(allow_null=True)
    milliseconds = Number()
    left_out = serializers.ListField(child=Text())
    models = serializers.ListField(child=Text())
