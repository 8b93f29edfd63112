"""What is wrong with a form, collected by field name, in the field's words and with the cure."""

import json
from typing import Any

from django.utils.translation import gettext as _

from actionstudio.apps.web.telling import told
from actionstudio.core import keepable


class Problems(dict[str, str]):
    """Field name -> what is wrong with it. The first finding of a field stays."""

    def add(self, field: str, message: str) -> None:
        self.setdefault(field, message)

    def json(self, text: str, field: str) -> Any:
        """The JSON value of ``text``; None, and a problem under ``field``, when it is not JSON."""
        if not text.strip():
            self.add(field, _("Write a JSON value here, or remove it."))
            return None
        try:
            value = json.loads(text, parse_constant=_refuse)
        except RecursionError:
            self.add(field, _("This is nested too deeply to be read."))
        except json.JSONDecodeError as error:
            self.add(
                field,
                _("This is not JSON: %(why)s in line %(line)d, column %(column)d. Texts need double quotes.")
                % {"why": error.msg, "line": error.lineno, "column": error.colno},
            )
        except ValueError as error:
            self.add(field, _("This is not JSON: %(why)s.") % {"why": error})
        else:
            found = keepable.faults(value)
            if not found:
                return value
            self.add(field, told(found[0].message))
        return None


def _refuse(word: str) -> None:
    raise ValueError(word)
