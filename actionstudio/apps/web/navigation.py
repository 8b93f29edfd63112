"""Where one can go: the sidebar's sections, the palette's commands, the keyboard's shortcuts. Pages that do not exist
yet have no URL, and are left out."""

from dataclasses import dataclass, field

from django.db.models import F, Func, IntegerField
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy


@dataclass(frozen=True)
class Item:
    """One page: the key that pages set as ``nav``, its title, icon, URL name, and the letter after "g"."""

    key: str
    title: str
    icon: str
    url_name: str
    go: str = ""
    counted: str = ""  # what is counted beside the title: rows of the project's reverse relation, or a list in a field
    url: str = ""
    count: int = 0


@dataclass(frozen=True)
class Section:
    """A heading of the sidebar and the pages under it."""

    title: str
    items: list[Item] = field(default_factory=list)


PROJECT = (
    Section("", [Item("overview", lazy("Overview"), "layout-dashboard", "library:overview", "h")]),
    Section(
        lazy("Build"),
        [
            Item("endpoints", lazy("Endpoints"), "list", "design:endpoints", "e", "operations"),
            Item("schemas", lazy("Shared schemas"), "braces", "design:schemas", "d", "components"),
            Item("collections", lazy("Collections"), "layers", "mocking:collections", "l", "document.collections"),
            Item("auth", lazy("Authentication"), "key-round", "release:auth", "a"),
            Item("clients", lazy("Sign-in clients"), "plug", "oauth:clients", "b"),
            Item("upstreams", lazy("Upstreams"), "globe", "mocking:upstreams", "u"),
            Item("document", lazy("OpenAPI document"), "file-code-2", "design:document", "o"),
            Item("model", lazy("What the model sees"), "eye", "gpt:model", "m"),
            Item("versions", lazy("Versions"), "git-compare", "release:versions", "v"),
        ],
    ),
    Section(
        lazy("Test"),
        [
            Item("gpt-import", lazy("ChatGPT's import"), "circle-check", "gpt:import", "t"),
            Item("checks", lazy("Checks"), "shield-check", "design:checks", "k"),
            Item("requests", lazy("Requests"), "activity", "traffic:log", "r"),
            Item("replays", lazy("Replays"), "history", "replay:list", "p"),
            Item("handshake", lazy("Sign-in test"), "workflow", "signin:handshake", "f"),
            Item("emulator", lazy("Client emulator"), "bot", "signin:emulator", "x"),
        ],
    ),
    Section(
        lazy("Ship"),
        [
            Item("connect", lazy("Connect to GPT"), "rocket", "gpt:connect", "c"),
            Item("users", lazy("Connected users"), "users", "oauth:users", "s"),
            Item("settings", lazy("Settings"), "settings", "library:settings", ","),
        ],
    ),
)
# Pages that the palette knows and the sidebar does not: each is reached from a page of the sidebar
BESIDES = (Item("", lazy("Review a provider"), "shield-check", "signin:review"),)
STUDIO = (
    Section(
        "",
        [
            Item("projects", lazy("Projects"), "folder", "projects:list", "i"),
            Item("check", lazy("Check a document"), "circle-check", "gpt:check-any"),
            Item("help", lazy("Guides"), "book-open", "web:help"),
        ],
    ),
)
ACCOUNT = (
    Item("", lazy("New project"), "plus", "library:new", "n"),
    Item("", lazy("Profile"), "user", "accounts:profile"),
    Item("", lazy("API tokens"), "key-round", "accounts:tokens"),
    Item("", lazy("API reference"), "book-open", "api:docs"),
    Item("", lazy("Sign-in and security"), "shield", "accounts:security"),
)
SHORTCUTS = (
    (("⌘/Ctrl", "K"), lazy("Command palette: go anywhere")),
    (("/",), lazy("Search or filter on this page")),
    (("G", "H"), lazy("Go to the overview")),
    (("G", "E"), lazy("Go to the endpoints")),
    (("G", "D"), lazy("Go to the shared schemas")),
    (("G", "L"), lazy("Go to the collections")),
    (("G", "A"), lazy("Go to authentication")),
    (("G", "B"), lazy("Go to the sign-in clients")),
    (("G", "U"), lazy("Go to the upstreams")),
    (("G", "O"), lazy("Go to the OpenAPI document")),
    (("G", "M"), lazy("Go to what the model sees")),
    (("G", "V"), lazy("Go to the versions")),
    (("G", "T"), lazy("Go to ChatGPT's import")),
    (("G", "K"), lazy("Go to the checks")),
    (("G", "R"), lazy("Go to the requests")),
    (("G", "P"), lazy("Go to the replays")),
    (("G", "F"), lazy("Go to the sign-in test")),
    (("G", "X"), lazy("Go to the client emulator")),
    (("G", "C"), lazy("Go to connecting")),
    (("G", "S"), lazy("Go to the connected users")),
    (("C",), lazy("New endpoint; on a request: copy as cURL")),
    (("J", "K"), lazy("Next or previous row of a list")),
    (("Enter",), lazy("Open the row")),
    (("R",), lazy("Replay the open request")),
    (("⌘/Ctrl", "S"), lazy("Save")),
    (("⌘/Ctrl", "Enter"), lazy("Send")),
    (("F8",), lazy("In a text: next problem; with Shift the one before")),
    (("Alt", "↑ ↓"), lazy("Move a parameter or field")),
    (("Esc",), lazy("Close what is open")),
    (("?",), lazy("This list")),
)


def _count(project, counted: str) -> int:
    """How many there are, told by the database: lists may be long."""
    relation, mark, name = counted.partition(".")
    if not mark:
        return getattr(project, relation).count()
    model = project._meta.get_field(relation).related_model
    length = Func(F(name), function="json_array_length", output_field=IntegerField())  # SQLite and PostgreSQL alike
    return model.objects.filter(project=project).values_list(length, flat=True).first() or 0


def _at(item: Item, project, counting: bool = True) -> Item | None:
    try:
        url = reverse(item.url_name, args=[project.slug] if project else [])
    except NoReverseMatch:
        return None
    count = _count(project, item.counted) if counting and project and item.counted else 0
    return Item(item.key, item.title, item.icon, item.url_name, item.go, url=url, count=count)


def sections(project=None, counting: bool = True) -> list[Section]:
    """The sidebar inside ``project``, or outside projects. ``counting`` fills in how many there are."""
    table = PROJECT if project else STUDIO
    filled = [
        Section(section.title, [at for item in section.items if (at := _at(item, project, counting))])
        for section in table
    ]
    return [section for section in filled if section.items]


def commands(project=None, more=()) -> list[dict]:
    """What the palette offers: the project's pages, the page's own ``more`` commands, the studio's pages."""
    out = []
    if project:
        for section in sections(project, counting=False):
            out += [_command(_("Go to"), item) for item in section.items]
        out += [_command(_("Go to"), at) for item in BESIDES if (at := _at(item, project))]
        new = _at(Item("", lazy("New endpoint"), "plus", "design:endpoint-new"), project)
        out += [_command(_("Build"), new)] if new else []
    out += list(more)
    for section in sections():
        out += [_command(_("Studio"), item) for item in section.items]
    out += [_command(_("Account"), at) for item in ACCOUNT if (at := _at(item, None))]
    return out


def _command(group: str, item: Item) -> dict:
    made = {"group": group, "title": str(item.title), "url": item.url}
    return made | ({"keys": f"G {item.go.upper()}"} if item.go else {})
