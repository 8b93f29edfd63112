"""address: the address of the project that was called."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actionstudio.apps.traffic.asking import named
from actionstudio.apps.traffic.asking.term import Test, term


def found(project, beginning: str):
    """The project's addresses."""
    for name in project.addresses.values_list("name", flat=True)[:50]:
        yield name, ""


def lacks(project, value: str) -> str:
    """What to say when the project has no address of that name."""
    names = [name for name, _nothing in found(project, "")]
    return "" if value.lower() in names else named.unlike(_("No address has the name “%(value)s”."), value, names)


@term("address", gettext_lazy("The address that was called."), ("todo",), found=found, lacks=lacks)
def read(sign: str, value: str, quoted: bool) -> Test:
    return named.exact("address", value.lower())
