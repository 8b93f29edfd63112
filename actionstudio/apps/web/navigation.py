"""Where one can go: the sidebar's sections, the palette's commands, the keyboard's shortcuts. Pages that do not exist
yet have no URL, and are left out."""

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import CharField, F, Func, IntegerField, Value
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
    flagged: str = ""  # the project's reverse relation whose rows say in ``state`` that something is wrong
    url: str = ""
    count: int = 0
    wrong: int = 0


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
            Item("simulator", lazy("Simulator"), "bot", "simulator:start", "s"),
            Item("prompts", lazy("Prompts"), "text-cursor-input", "simulator:prompts", "z", flagged="prompt_suites"),
            Item("gpt-import", lazy("ChatGPT's import"), "circle-check", "gpt:import", "t"),
            Item("checks", lazy("Checks"), "shield-check", "design:checks", "k"),
            Item("requests", lazy("Requests"), "activity", "traffic:log", "r"),
            Item("conversations", lazy("Conversations"), "message-square", "traffic:conversations", "q"),
            Item("replays", lazy("Replays"), "history", "replay:list", "p"),
            Item("suites", lazy("Suites"), "square-check", "replay:suites", "j", flagged="suites"),
            Item("handshake", lazy("Sign-in test"), "workflow", "signin:handshake", "f"),
            Item("emulator", lazy("Client emulator"), "log-in", "signin:emulator", "x"),
        ],
    ),
    Section(
        lazy("Ship"),
        [
            Item("connect", lazy("Connect to GPT"), "rocket", "gpt:connect", "c"),
            Item("users", lazy("Connected users"), "users", "oauth:users", "w"),
            Item("data", lazy("Data"), "server", "traffic:data", "y"),
            Item("settings", lazy("Settings"), "settings", "library:settings", ","),
        ],
    ),
)
# Pages that the palette knows and the sidebar does not: each is reached from a page of the sidebar
BESIDES = (
    Item("", lazy("Review a provider"), "shield-check", "signin:review"),
    Item("", lazy("The simulator's GPT"), "bot", "simulator:gpt"),
    Item("", lazy("One simulated call"), "play", "simulator:calls"),
    Item("", lazy("Scripts of the scripted model"), "list", "simulator:scripts"),
    Item("", lazy("Nothing arrived?"), "search", "traffic:silence"),
)
WRONG = ("differs", "failed", "below")  # states of rows that the sidebar shows
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
    Item("", lazy("Models"), "bot", "models:list"),
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
    (("G", "S"), lazy("Go to the simulator")),
    (("G", "Z"), lazy("Go to the prompts")),
    (("G", "T"), lazy("Go to ChatGPT's import")),
    (("G", "K"), lazy("Go to the checks")),
    (("G", "R"), lazy("Go to the requests")),
    (("G", "Q"), lazy("Go to the conversations")),
    (("G", "P"), lazy("Go to the replays")),
    (("G", "J"), lazy("Go to the suites")),
    (("G", "F"), lazy("Go to the sign-in test")),
    (("G", "X"), lazy("Go to the client emulator")),
    (("G", "C"), lazy("Go to connecting")),
    (("G", "W"), lazy("Go to the connected users")),
    (("G", "Y"), lazy("Go to the log's data")),
    (("C",), lazy("New endpoint; on a request or its row: copy as cURL")),
    (("J", "K"), lazy("Next or previous row of a list")),
    (("Enter",), lazy("Open the row")),
    (("X",), lazy("Requests: select the row; with Shift all from the last one to it")),
    (("A",), lazy("Requests: select all that are shown, or none")),
    (("R",), lazy("Replay the open request, the selected ones or the row")),
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


def _wrong(project) -> Counter[str]:
    """How many rows of each relation say that something is wrong: one query for all of them."""
    names = [item.flagged for section in PROJECT for item in section.items if item.flagged]
    first, *rest = (
        getattr(project, name).filter(state__in=WRONG).order_by().values_list(Value(name, CharField()))
        for name in names
    )
    return Counter(name for (name,) in first.union(*rest, all=True).order_by())


def _at(item: Item, project, counting: bool = True, wrong: int = 0) -> Item | None:
    try:
        url = reverse(item.url_name, args=[project.slug] if project else [])
    except NoReverseMatch:
        return None
    count = _count(project, item.counted) if counting and project and item.counted else 0
    return Item(item.key, item.title, item.icon, item.url_name, item.go, url=url, count=count, wrong=wrong)


def sections(project=None, counting: bool = True) -> list[Section]:
    """The sidebar inside ``project``, or outside projects. ``counting`` fills in how many there are."""
    wrong = _wrong(project) if counting and project else Counter()
    filled = []
    for section in PROJECT if project else STUDIO:
        items = [_at(item, project, counting, wrong[item.flagged]) for item in section.items]
        filled.append(Section(section.title, [item for item in items if item]))
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
