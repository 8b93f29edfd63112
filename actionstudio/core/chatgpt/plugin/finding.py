"""Where a plugin's manifest is: at the root of a domain; which redirects lead to it, and whose domain it then is.

Source: OpenAI, "Plugins in production", "Domain verification and security" (2023); docs/chatgpt-rules.md, PL-11, PL-15.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from actionstudio.core.lint import hosts
from actionstudio.core.problem import Problem, Refused
from actionstudio.core.specs.manifest import PATH
from actionstudio.core.words import said

SECONDS = 15.0  # of fetching a manifest or a document ("Plugins in production")
HOPS = 5  # redirects on the way; nothing was said of how many
NOT_FOUND = "Couldn't find manifest."
NO_LOCAL = (
    "Failed to fetch localhost manifest. Check to ensure your localhost is running and your localhost server has CORS "
    "enabled."
)
_DOMAIN = re.compile(
    r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?::\d{1,5})?", re.ASCII
)
_LONGEST = 253 + 6


def domain(text: str) -> str:
    """What a person typed as a domain, in lower case: a host, perhaps with its port. The scheme and the manifest's own
    path may have been copied with it. Raises Refused for what is none: a plugin has a whole host (PL-11)."""
    typed = text.strip().lower()
    bare = re.sub(r"^https?://", "", typed).removesuffix(PATH).rstrip("/")
    if not bare:
        raise Refused(Problem("/domain", said("Write the domain of the plugin, as in todo.example.com."), "required"))
    if "/" in bare:
        message = said(
            "A plugin is found at the root of a host, at https://%(host)s%(path)s. What stands below a path is not "
            "found: give it a host of its own.",
            host=bare.partition("/")[0][:100],
            path=PATH,
        )
        raise Refused(Problem("/domain", message, "PL-11"))
    try:
        bare = bare.encode("ascii").decode() if bare.isascii() else bare.encode("idna").decode()
    except UnicodeError:
        bare = ""
    if len(bare) > _LONGEST or not _DOMAIN.fullmatch(bare) or not _port(bare):
        raise Refused(Problem("/domain", said("This is no domain. Write it as in todo.example.com."), "domain"))
    return bare


def _port(domain: str) -> bool:
    port = domain.partition(":")[2]
    return not port or 0 < int(port) < 65536


def is_local(domain: str) -> bool:
    """Whether a domain is this machine's: the only one that may answer over http."""
    return hosts.is_local(domain.partition(":")[0])


def manifest_url(domain: str, plain: bool = False) -> str:
    """The one place where ChatGPT looks. ``plain``: over http, as on localhost."""
    return f"{'http' if plain or is_local(domain) else 'https'}://{domain}{PATH}"


def root(url: str) -> str:
    """The root domain of a plugin whose manifest was found at ``url``: that host without a leading ``www.``"""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def follows(here: str, there: str) -> bool:
    """Whether ChatGPT follows a redirect from one URL to another: within a host, down to a child of it, and from www to
    the bare domain; never to a parent, a sibling or a stranger, and not from https to http (that is our conclusion)."""
    try:
        one, other = urlsplit(here), urlsplit(there)
        known = other.scheme in ("http", "https") and bool(other.hostname) and other.username is None
    except ValueError:
        return False
    if not known or (one.scheme == "https" and other.scheme != "https"):
        return False
    host, target = one.hostname or "", other.hostname or ""
    if hosts.is_local(host) and host == target:
        return one.netloc == other.netloc  # another port of this machine is another server
    return hosts.under(target, host) or host == f"www.{target}"
