"""Files in the bodies of the API: base64 with a name and a type."""

import base64

from django.utils.translation import gettext as _

from actionstudio.apps.simulator.calling.filing import Given
from actionstudio.core.problem import Problem, Refused


def given(files: list[dict[str, str]]) -> list[Given]:
    """What ``CallFileShape`` tells of. Raises Refused at the file whose content is no base64."""
    found = []
    for number, one in enumerate(files):
        try:
            content = base64.b64decode(one.get("content", ""), validate=True)
        except ValueError:
            raise Refused(Problem(f"/files/{number}/content", _("This is not base64."), "invalid")) from None
        found.append(Given(one["name"], one["mime_type"], content))
    return found
