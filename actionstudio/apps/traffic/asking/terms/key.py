"""key: the API key the call was made with, by name or number."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actionstudio.apps.publishing.models import Key
from actionstudio.apps.traffic.asking import named
from actionstudio.apps.traffic.asking.term import BY_KEY, Drive, Test, Unreadable, term

MOST = 50  # keys of a project that are looked at


def found(project, beginning: str):
    """The project's keys."""
    for name in Key.objects.filter(project=project).values_list("name", flat=True)[:MOST]:
        yield name, ""


def lacks(project, value: str) -> str:
    """What to say when the project has no key of that name or number."""
    names = [name for name, _nothing in found(project, "")]
    numbered = value.isascii() and value.isdigit() and Key.objects.filter(project=project, pk=value[:15]).exists()
    if numbered or len(names) == MOST or value.casefold() in (name.casefold() for name in names):
        return ""
    return named.unlike(_("No key has the name “%(value)s”."), value, names)


@term("key", gettext_lazy("The API key the caller used, by its name."), ("production",), found=found, lacks=lacks)
def read(sign: str, value: str, quoted: bool) -> Test:
    if not value:
        raise Unreadable(_("Write the name of a key."))
    return Test(columns=("key_id",), bind=lambda project: of(project, value))


def of(project: int, value: str) -> Test:
    """The test of the project's keys of that name; a number is a key's id, too."""
    ids = {*Key.objects.filter(project_id=project, name__iexact=value).values_list("pk", flat=True)[:50]}
    if value.isascii() and value.isdigit() and len(value) < 16:
        ids.add(int(value))
    if not ids:
        return Test(lambda row: False, ids=(0, 0))
    [*one] = ids
    drive = Drive(BY_KEY, "key_id = %s", (one[0],)) if len(one) == 1 else None
    return Test(lambda row: row.key_id in ids, ("key_id",), drive=drive)
