"""Callbacks (redirect URIs): which may be registered, which are ChatGPT's, which a client asked for in vain."""

import re
from collections.abc import Sequence
from urllib.parse import SplitResult, urlsplit

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from actionstudio.apps.oauth.models import Callback, Client
from actionstudio.apps.projects.models import Project
from actionstudio.core.problem import Problem, Refused

MOST = 20  # callbacks of one client
LONGEST = 500  # characters of one
NOTICED_MOST = 10  # of a client's unknown callbacks that wait for the builder, and as many refused ones are remembered
FIRST, OFTEN = 4, 3  # of them are those that came first, and those that came most often
LOOPBACK = frozenset(("127.0.0.1", "::1", "localhost"))
HOSTS = ("chat.openai.com", "chatgpt.com")  # ChatGPT goes by both, and redirects from the one to the other
CONNECTOR = "https://chatgpt.com/connector_platform_oauth_redirect"
CLAUDE = ("https://claude.ai/api/mcp/auth_callback", "https://claude.com/api/mcp/auth_callback")
# Of a program on the person's own machine: any port (RFC 8252, section 7.3)
COMPUTER = ("http://127.0.0.1/callback", "http://[::1]/callback", "http://localhost/callback")

_ID = r"g-[A-Za-z0-9]{1,64}|plugin-[0-9a-f-]{36}"
_CHATGPT = re.compile(rf"https://(?:chat\.openai\.com|chatgpt\.com)/aip/({_ID})/oauth/callback")
_LIBRECHAT = re.compile(r"/api/actions/[A-Za-z0-9_-]{1,128}/oauth/callback")  # on the host of whoever runs it
_CONNECTOR = re.compile(r"https://chatgpt\.com/connector/oauth/[A-Za-z0-9_-]{1,64}")


def objection(uri: str) -> str:
    """Why a callback cannot be registered, with the cure; "" when it can.

    Browsers are sent there with a code, so it must be exact and nobody else's: RFC 6749 section 3.1.2 (absolute, no
    fragment), RFC 9700 section 2.1 (no patterns, https) and RFC 8252 section 7.3 (http on loopback addresses).
    """
    if len(uri) > LONGEST:
        return _("It is longer than %(n)s characters.") % {"n": LONGEST}
    if not uri.isascii() or not uri.isprintable() or " " in uri:
        return _("Use plain ASCII without blanks: write other letters percent-encoded, and a host name as “xn--…”.")
    try:
        parts = urlsplit(uri)
        parts.port  # noqa: B018 - raises for a port that is no number
    except ValueError:
        return _("This is no URL. Write it whole, such as https://example.com/callback.")
    return _of_parts(uri, parts)


def _of_parts(uri: str, parts: SplitResult) -> str:
    host = parts.hostname or ""
    if parts.scheme not in ("https", "http") or not host:
        return _("Write it whole, beginning with https://, such as https://example.com/callback.")
    if parts.scheme == "http" and host not in LOOPBACK:
        return _("http is for programs on one's own computer only (http://127.0.0.1/…). Use https.")
    if "@" in parts.netloc:
        return _("Leave out the name and password before the “@”.")
    if parts.netloc != parts.netloc.lower() or not uri.startswith(f"{parts.scheme}:"):
        return _("Write “https” and the host in small letters: callbacks are compared to the letter.")
    if "#" in uri:
        return _("Leave out the “#” and what follows: a callback has no fragment.")
    if "*" in uri:
        return _("Callbacks are compared to the letter: “*” stands for nothing. Register each one by itself.")
    if ";" in uri or "\\" in uri or '"' in uri or "<" in uri or ">" in uri:
        return _("Leave out “;”, “\\”, quotes and angle brackets, or write them percent-encoded.")
    if {".", ".."} & set(re.sub("%2e", ".", parts.path, flags=re.IGNORECASE).split("/")):
        return _("Write the path as it is, without “/./” and “/../”.")
    return ""


def too_many() -> str:
    return _("A client has at most %(n)s callbacks. Remove those that are no longer used.") % {"n": MOST}


def ids(text: str) -> str:
    """The id in what a person pasted: a callback of ChatGPT, either host, or only its id. "" when it is neither."""
    text = text.strip().strip("\"'<>").rstrip("/")
    found = _CHATGPT.fullmatch(text)
    if found:
        return found[1]
    return text if re.fullmatch(_ID, text) else ""


def pair(gpt_id: str) -> list[str]:
    """The two callbacks of a GPT or plugin: either may come."""
    return [f"https://{host}/aip/{gpt_id}/oauth/callback" for host in HOSTS]


def same(uri: str, other: str, registered: Sequence[str]) -> bool:
    """Whether two callbacks count as one: identical, or the two of one GPT, both of them registered.

    RFC 6749, section 4.1.3 wants them identical, so that a code is not redeemed for somebody else. ChatGPT goes by two
    hosts, and both callbacks of a GPT are the same receiver.
    """
    if uri == other:
        return True
    gpt_id = ids(uri) if is_chatgpts(uri) else ""
    return bool(gpt_id) and {uri, other} == set(pair(gpt_id)) <= set(registered)


def is_chatgpts(uri: str) -> bool:
    """Whether a callback is ChatGPT's: of a GPT, a plugin or a connector. Which builder's, it does not say."""
    return bool(_CHATGPT.fullmatch(uri) or _CONNECTOR.fullmatch(uri)) or uri == CONNECTOR


def is_librechats(uri: str) -> bool:
    """Whether a callback has the form that LibreChat's actions have, on whatever host."""
    return not objection(uri) and "?" not in uri and bool(_LIBRECHAT.fullmatch(urlsplit(uri).path))


def likeness(client: Client, uri: str) -> str:
    """What a builder has to know before they allow a callback of the form that this kind of client has; "" for one of
    another form. The form alone says nothing of whose it is: anybody can open a sign-in with a callback of theirs.
    """
    if client.preset in (Client.Preset.GPT, Client.Preset.PLUGIN) and _CHATGPT.fullmatch(uri):
        return _(
            "Anybody may have sent this: every GPT, whoever made it, has a callback of this form. Compare it with the "
            "Callback URL that ChatGPT shows below your own action, and allow it only if it is the same."
        )
    if client.preset == Client.Preset.MCP and (_CONNECTOR.fullmatch(uri) or uri in (CONNECTOR, *CLAUDE)):
        return _(
            "Anybody may have sent this: every connector, whoever made it, has a callback of this form. Allow it only "
            "if your own connector shows the same."
        )
    if client.token_method == Client.Method.NONE and uri.startswith("http://") and urlsplit(uri).hostname in LOOPBACK:
        return _("It leads to a program on the person's own computer. Allow it only if you know that program.")
    return ""


def is_refused(client: Client, uri: str) -> bool:
    """Whether the builder has said no to a callback, or to its twin on ChatGPT's other host."""
    gpt_id = ids(uri)
    uris = pair(gpt_id) if gpt_id else [uri]
    return client.callbacks.filter(uri__in=uris, state=Callback.State.REFUSED).exists()


def refused(client: Client):
    """The callbacks to which the builder has said no, the newest first."""
    return client.callbacks.filter(state=Callback.State.REFUSED)


def noticed(client: Client, uri: str) -> Callback | None:
    """Remembers that ``client`` asked for a callback that is not registered, for the builder to decide.

    None when it is neither of ChatGPT's form nor, for a client of LibreChat, of that one's: such a one is not worth
    offering. Never allows anything by itself, since anybody has a callback of that form. Of many waiting ones some are
    forgotten.
    """
    if not (is_chatgpts(uri) or (client.preset == Client.Preset.LIBRECHAT and is_librechats(uri))):
        return None
    rows = client.callbacks.filter(uri=uri)
    now = timezone.now()
    if not rows.update(times=F("times") + 1, last=now):
        try:
            with transaction.atomic():
                client.callbacks.create(uri=uri)
        except IntegrityError:
            rows.update(times=F("times") + 1, last=now)
        _forget_some(client)
    rows.filter(state=Callback.State.ALLOWED).update(state=Callback.State.WAITING)  # taken back since
    return rows.first()


def _forget_some(client: Client) -> None:
    """Of many, those stay that came first, most often and last: who makes up callbacks cannot take the place of one
    that was there before, and cannot keep out the one that comes after."""
    for state in (Callback.State.WAITING, Callback.State.REFUSED):
        first = list(client.callbacks.filter(state=state).order_by("id").only("times", "last"))
        if len(first) <= NOTICED_MOST:
            continue
        often = sorted(first, key=lambda row: -row.times)
        newest = sorted(first, key=lambda row: (row.last, row.pk), reverse=True)
        stay = list(dict.fromkeys(row.pk for row in (*first[:FIRST], *often[:OFTEN], *newest)))[:NOTICED_MOST]
        client.callbacks.filter(state=state, pk__in={row.pk for row in first} - set(stay)).delete()


def waiting(project: Project, client: Client | None = None):
    """The callbacks for which clients of the project (or this one) asked, and which the builder has yet to decide.
    Those of a client that is switched off wait until it is switched on."""
    rows = Callback.objects.filter(client__project=project, client__enabled=True, state=Callback.State.WAITING)
    rows = rows.select_related("client")
    return rows.filter(client=client) if client else rows


def allow(callback: Callback) -> list[str]:
    """Registers it, with its twin on ChatGPT's other host; the callbacks added. Raises Refused when they are many."""
    with transaction.atomic():
        client = Client.objects.select_for_update().get(pk=callback.client_id)
        gpt_id = ids(callback.uri)
        wanted = pair(gpt_id) if gpt_id else [callback.uri]
        new = [uri for uri in wanted if uri not in client.uris]
        if len(client.uris) + len(new) > MOST:
            raise Refused(Problem("/redirect_uris", too_many(), "many"))
        client.redirect_uris = " ".join([*client.uris, *new])
        client.gpt_id = client.gpt_id or gpt_id
        client.save(update_fields=["redirect_uris", "gpt_id", "updated"])
        client.callbacks.filter(uri__in=wanted).update(state=Callback.State.ALLOWED)
    return new


def settle(client: Client) -> None:
    """What was asked for in vain and is registered by now, in whatever way, does not wait any more."""
    waiting = client.callbacks.filter(state=Callback.State.WAITING)
    waiting.filter(uri__in=client.uris).update(state=Callback.State.ALLOWED)


def refuse(callback: Callback) -> None:
    """Neither it nor its twin is offered again, until ``reconsider``. Raises Refused for one that is registered: it
    would go on working."""
    if callback.uri in callback.client.uris:
        raise Refused(Problem("/state", _("It is registered. Take it out of the client's callbacks first."), "used"))
    _with_twin(callback).update(state=Callback.State.REFUSED)


def reconsider(callback: Callback) -> None:
    """A refused one, and its twin, wait for the builder again."""
    _with_twin(callback).filter(state=Callback.State.REFUSED).update(state=Callback.State.WAITING)


def _with_twin(callback: Callback):
    gpt_id = ids(callback.uri)
    uris = pair(gpt_id) if gpt_id else [callback.uri]
    return Callback.objects.filter(client=callback.client_id, uri__in=uris)
