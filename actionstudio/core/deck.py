"""The ChatGPT limit deck: where ChatGPT gives up on an API, each case as a fault one can ask of a mock.

What ChatGPT does is told with its source and how sure it is: "documented" by OpenAI, "reported" by builders, or
"inferred" by us.
"""

from __future__ import annotations

from dataclasses import dataclass

from actionstudio.core import limits
from actionstudio.core.behaviour import Fault
from actionstudio.core.words import said

DOCUMENTED, REPORTED, INFERRED = "documented", "reported", "inferred"
PRODUCTION = "developers.openai.com, “Actions: production notes”"
PLUGINS = said("OpenAI's documentation of plugins, 2023")
INFERENCE = said("our own inference")
REPORTS = said("reports of several builders")


@dataclass(frozen=True, slots=True)
class Preset:
    """One case. ``what`` is what ChatGPT does with such an answer, ``source`` who says so, ``sure`` how sure that is;
    ``calls`` are how many calls in a row show it."""

    name: str
    title: str
    what: str
    source: str
    fault: Fault
    sure: str = DOCUMENTED
    calls: int = 1


_PRESETS = (
    Preset(
        "answers-44-s",
        said("Answers after %(n)s s", n=limits.SECONDS - 1),
        said("Just in time: ChatGPT waits %(n)s s for a call, there and back.", n=limits.SECONDS),
        PRODUCTION,
        Fault("delay", seconds=limits.SECONDS - 1),
    ),
    Preset(
        "answers-46-s",
        said("Answers after %(n)s s", n=limits.SECONDS + 1),
        said(
            "Too late: ChatGPT has given up after %(n)s s, and the model is told that the call failed.",
            n=limits.SECONDS,
        ),
        PRODUCTION,
        Fault("delay", seconds=limits.SECONDS + 1),
    ),
    Preset(
        "slow-first-byte",
        said("Nothing comes for %(n)s s", n=30),
        said(
            "ChatGPT shows “Talking to …” all the while. The answer still counts: it came within %(n)s s.",
            n=limits.SECONDS,
        ),
        PRODUCTION,
        Fault("slow-first-byte", seconds=30),
    ),
    Preset(
        "slow-body",
        said("Status at once, body after %(n)s s", n=limits.SECONDS + 1),
        said("Too late all the same: the %(n)s s are for the whole answer, and nothing is streamed.", n=limits.SECONDS),
        PRODUCTION,
        Fault("slow-body", seconds=limits.SECONDS + 1),
    ),
    Preset(
        "characters-99999",
        said("%(n)s characters", n=f"{limits.PAYLOAD - 1:,}"),
        said("Just short enough: an answer must have fewer than %(n)s characters.", n=f"{limits.PAYLOAD:,}"),
        PRODUCTION,
        Fault("over-long", characters=limits.PAYLOAD - 1),
    ),
    Preset(
        "characters-100001",
        said("%(n)s characters", n=f"{limits.PAYLOAD + 1:,}"),
        said("Too long: the model sees ResponseTooLarge and nothing of the answer."),
        REPORTS,
        Fault("over-long", characters=limits.PAYLOAD + 1),
        REPORTED,
    ),
    Preset(
        "expired-token",
        said("The token has expired"),
        said(
            "With a refresh token ChatGPT can fetch a new token for later calls. Without one it keeps sending the old "
            "one until the person signs out and in again."
        ),
        REPORTS,
        Fault("expired-token"),
        REPORTED,
    ),
    Preset(
        "redirect",
        said("A redirect"),
        said("Do not count on it: redirects are not guaranteed to be followed, and the call fails."),
        PLUGINS,
        Fault("redirect"),
    ),
    Preset(
        "too-many-requests",
        said("429, too many requests"),
        said("After some of these in a short time ChatGPT calls less often. How many is not published."),
        PRODUCTION,
        Fault("too-many-requests", seconds=30),
        calls=3,
    ),
    Preset(
        "server-errors",
        said("500, again and again"),
        said("The model may call again, up to 10 times; after some of these in a short time ChatGPT calls less often."),
        PLUGINS,
        Fault("status", status=500),
        calls=10,
    ),
    Preset(
        "html-page",
        said("A page of HTML instead of JSON"),
        said(
            "What a bot wall or a gateway in front of the API sends. The model is told ClientResponseError and not why."
        ),
        REPORTS,
        Fault("html", status=503),
        REPORTED,
    ),
    Preset(
        "invalid-json",
        said("Broken JSON"),
        said("Nobody has said. Expect the model to see the broken text, or ClientResponseError and nothing else."),
        INFERENCE,
        Fault("invalid-json"),
        INFERRED,
    ),
    Preset(
        "truncated",
        said("The connection breaks off in the middle"),
        said("The call fails: the model is told ClientResponseError."),
        REPORTS,
        Fault("truncated"),
        REPORTED,
    ),
)
PRESETS = {preset.name: preset for preset in _PRESETS}
