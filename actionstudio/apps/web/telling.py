"""What the language-free layers below said, in the reader's language."""

from django.utils.translation import gettext, ngettext

from actionstudio.core.words import Said


def told(text):
    """A sentence made by ``core.words.said`` in the active language; any other text as it is."""
    if not isinstance(text, Said):
        return text
    values = {name: told(value) for name, value in text.values.items()}
    template = ngettext(text.template, text.many, values["n"]) if text.many else gettext(text.template)
    return template % values


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a docstring that users read, in the active language (manage.py makemessages collects them)."""
    return [gettext(paragraph) for paragraph in split(text)]


def split(text: str) -> list[str]:
    """The paragraphs of a docstring, each on one line."""
    return [" ".join(paragraph.split()) for paragraph in text.split("\n\n") if paragraph.strip()]
