"""Reads request bodies strictly: real JSON only, each key once, no larger than announced."""

import json

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from actionstudio.apps.api.problems import TooLarge
from actionstudio.core import keepable
from actionstudio.core.problem import Refused

LIMIT = 12 * 1024 * 1024


class StrictJSONParser(BaseParser):
    """RFC 8259 and no more: no NaN, no duplicate keys, UTF-8, and nothing that no database keeps."""

    media_type = "application/json"

    def parse(self, stream, media_type=None, parser_context=None):
        body = _bounded(stream)
        try:
            value = json.loads(body.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant)
        except RecursionError as error:
            raise ParseError(_("The JSON is nested too deeply.")) from error
        except ValueError as error:
            raise ParseError(_("The body is not JSON: %(why)s") % {"why": error}) from error
        if problems := keepable.faults(value):
            raise Refused(*problems)
        return value


class ImageParser(BaseParser):
    """The bytes of an image, as they are."""

    KINDS = ("image/png", "image/jpeg", "image/webp", "image/gif")
    media_type = "image/*"

    def parse(self, stream, media_type=None, parser_context=None):
        return _bounded(stream)


def _bounded(stream) -> bytes:
    body = stream.read(LIMIT + 1)
    if len(body) > LIMIT:
        raise TooLarge(_("The body is larger than %(n)d MB.") % {"n": LIMIT // 1024 // 1024})
    return body


def _once(pairs: list[tuple]) -> dict:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(_("the key “%(name)s” stands twice") % {"name": twice})
    return found


def _no_constant(name: str):
    raise ValueError(_("%(name)s is not a JSON number") % {"name": name})
