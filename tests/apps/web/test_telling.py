"""What was said below is told in the reader's language."""

import gettext

import pytest
from django.template import Context, Template
from django.utils import translation
from django.utils.translation import trans_real

from actionstudio.apps.web.telling import told
from actionstudio.core.words import said, said_n


class Backwards(gettext.NullTranslations):
    """A language that writes what it knows backwards."""

    _catalog = {}

    def gettext(self, message):
        return {"a list": "tsil a", "%(what)s is %(kind)s.": "%(kind)s si %(what)s."}.get(message, message)

    def ngettext(self, one, many, n):
        return "%(n)s *"


@pytest.fixture
def backwards(monkeypatch):
    with translation.override("fr"):
        monkeypatch.setattr(trans_real._active, "value", Backwards())
        yield


def test_a_sentence_and_what_is_in_it_are_translated(backwards):
    assert told(said("%(what)s is %(kind)s.", what="tags", kind=said("a list"))) == "tsil a si tags."


def test_a_number_takes_the_form_of_the_language(backwards):
    assert told(said_n("%(n)s item", "%(n)s items", 3)) == "3 *"


def test_other_texts_stay(backwards):
    assert told("a list") == "a list" and told(None) is None


def test_pages_tell_with_a_filter(backwards):
    assert Template("{{ text|told }}").render(Context({"text": said("a list")})) == "tsil a"
