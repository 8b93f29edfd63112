"""What cannot be seen: the next leg never came. The probable causes, the most frequent first, with their cures.

Sources: OpenAI's production notes on OAuth domains, and what builders of GPTs have reported (docs/chatgpt-rules.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from actionstudio.apps.publishing.outside import flaw

GPTS = frozenset(("chatgpt", "plugin"))


@dataclass(frozen=True, slots=True)
class Silence:
    """What is known where nothing came: the last leg that was seen, who signs in, and the address's URL."""

    step: str
    who: str
    url: str


@dataclass(frozen=True, slots=True)
class Cause:
    """One probable cause: when it is worth saying, what it is, and what to do."""

    fits: Callable[[Silence], bool]
    title: str | Promise
    words: str | Promise


def _unreachable(silence: Silence) -> bool:
    return bool(flaw(silence.url))


def _of_gpt(silence: Silence) -> bool:
    return silence.who in GPTS


def _after_code(silence: Silence) -> bool:
    return silence.step in ("allowed", "callback")


_ALL = (
    Cause(
        lambda one: _after_code(one) and _unreachable(one),
        _("OpenAI cannot reach the token URL"),
        _(
            "The browser opened this address, but the token request comes from OpenAI's servers: it needs https, port "
            "443 and a name that the whole internet knows. See Connect to GPT."
        ),
    ),
    Cause(
        lambda one: _after_code(one) and _of_gpt(one),
        _("Preview instead of the saved GPT"),
        _("Sign-in misbehaves in the editor's preview. Save the GPT, open it in a fresh tab, and sign in there."),
    ),
    Cause(
        lambda one: _after_code(one) and _of_gpt(one),
        _("Domains that differ"),
        _(
            "Authorization URL, token URL and the server of the imported document must have the same domain, or "
            "ChatGPT does not go on. Copy all three from this project's pages."
        ),
    ),
    Cause(
        _after_code,
        _("Another token URL"),
        _(
            "The token URL in the client is not the one of this page: a typing error, another address, a slash too "
            "many."
        ),
    ),
    Cause(
        lambda one: _after_code(one) and _of_gpt(one),
        _("ChatGPT lost the state"),
        _(
            "The sign-in was opened by hand, in another browser or much earlier, so ChatGPT does not know the state "
            "that came back. Start it from the GPT's own button."
        ),
    ),
    Cause(
        lambda one: one.step in ("authorize", "login"),
        _("The person has not signed in yet"),
        _("The login page was shown; nobody has sent it. A person may have closed the window, or has no account here."),
    ),
    Cause(
        lambda one: one.step == "login" and _of_gpt(one),
        _("The window was blocked"),
        _("ChatGPT opens the sign-in in a window of its own: a blocker of pop-ups or of cookies may have stopped it."),
    ),
    Cause(
        lambda one: one.step in ("signed-in", "consent"),
        _("The person has not decided yet"),
        _("They were asked what the client may do; they have pressed neither Allow nor Cancel."),
    ),
    Cause(
        lambda one: one.step == "token",
        _("The answer did not arrive"),
        _("A token request was seen, but no answer was made for it. Look at the request in the log."),
    ),
    Cause(
        lambda one: one.step in ("answer", "refresh") and _of_gpt(one),
        _("The question has to be asked again"),
        _("After the sign-in ChatGPT does not repeat what was asked before. Ask the GPT once more."),
    ),
    Cause(
        lambda one: one.step in ("answer", "refresh"),
        _("The server in the document"),
        _("The client calls the server that its document names. If that is another address, its calls go there."),
    ),
)


def causes(silence: Silence) -> Iterator[Cause]:
    """The causes worth saying, the most probable first."""
    return (cause for cause in _ALL if cause.fits(silence))
