"""Rule: calls go to https, without a port, in small letters."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint import hosts
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.words import said


@rule(
    level="fatal",
    source="SRV-02",
    targets=("gpt", "plugin"),
    sure="C",
    repairs=("one-server",),
    words="Server URL http://api.example.com is not under the root origin https://api.example.com; ignoring it",
    bad="servers:\n  - url: http://API.example.com:8080",
    good="servers:\n  - url: https://api.example.com",
)
def check(look: Look) -> Iterator[Hit]:
    """ChatGPT makes a root of the first server, https:// and its host in small letters, and ignores servers elsewhere.

    With http, a port or a capital letter in the host, no server remains and nothing is imported. Plugins may be on
    localhost.
    """
    usable = [parts for url in look.servers if (parts := hosts.parsed(url))]
    if look.only is not None or not usable:
        return
    root = usable[0].hostname or ""
    if look.target == "plugin" and hosts.is_local(root):
        return
    kept = [url for url in look.servers if _is_kept(url, root)]
    for index, url in enumerate(look.servers):
        if hosts.parsed(url) and not kept:
            facts = {"url": url, "root": f"https://{root}"}
            message = said("ChatGPT takes no server but those under %(root)s; %(url)s is not.", **facts)
            words = f"Server URL {url} is not under the root origin https://{root}; ignoring it"
            yield Hit(f"/servers/{index}" if look.as_written else "/servers", message, words)


def _is_kept(url: str, root: str) -> bool:
    parts = hosts.parsed(url)
    if parts is None or parts.scheme != "https":
        return False
    host = parts.netloc.rpartition("@")[2]
    return host == root or host.endswith(f".{root}")
