"""The probe: fetches a project's document as ChatGPT would, and says in words what came and what to do about it."""

from __future__ import annotations

import re
from dataclasses import dataclass

import orjson
from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.projects import jobs
from actionstudio.apps.projects.models import Job, Project
from actionstudio.core import limits
from actionstudio.core.call import Headers
from actionstudio.runtime import outbound
from actionstudio.runtime.visit import PROBE

# As captured in August 2025 (a public field report).
AGENT = "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko); compatible; ChatGPT-User/1.0; +https://openai.com/bot"
SENT = (("User-Agent", AGENT), ("Accept", "*/*"), (PROBE, "1"))
DETAIL = 500  # characters of what was seen that are kept
SLOW = 5.0  # seconds after which an answer is called slow; at limits.SECONDS ChatGPT gives up
WALLS = ("cf-mitigated", "x-datadome", "x-sucuri-block", "x-amzn-waf-action")
_REDIRECTS = (301, 302, 303, 307, 308)
_TYPES = ("json", "yaml", "text/plain")


@dataclass(frozen=True, slots=True)
class Words:
    """What a result means. ``kind``: o fine, w look at it, e wrong."""

    kind: str
    title: str
    cure: str


RESULTS = {
    "ok": Words("o", lazy("The document arrives"), lazy("Paste the address into ChatGPT.")),
    "slow": Words(
        "w",
        lazy("It arrives, but slowly"),
        lazy("A call may take 45 seconds; look at the server or the tunnel before ChatGPT gives up."),
    ),
    "type": Words(
        "w",
        lazy("It arrives with another content type"),
        lazy("Something on the way rewrites headers. Let the proxy pass Content-Type through."),
    ),
    "large": Words(
        "e", lazy("The answer is too large"), lazy("Hide endpoints from GPT: about 1 MB is the most it takes.")
    ),
    "server": Words(
        "e",
        lazy("The document names another server"),
        lazy("ChatGPT calls the server that the document names. Let the proxy pass the Host header unchanged."),
    ),
    "redirect": Words(
        "e",
        lazy("It is redirected"),
        lazy("ChatGPT may not follow. Use the final address, or let the proxy answer here itself."),
    ),
    "wall": Words(
        "e",
        lazy("A bot wall stands in front"),
        lazy("Let the user agent ChatGPT-User pass: in Cloudflare a skip rule for this host, and Bot Fight Mode off."),
    ),
    "interstitial": Words(
        "e",
        lazy("A page for people comes before it"),
        lazy("Free tunnels show a warning page first. Use a paid or another tunnel, or a domain of your own."),
    ),
    "refused": Words(
        "e",
        lazy("The server refuses it"),
        lazy("Something before the studio asks for a password or blocks the call. The document must be open to all."),
    ),
    "missing": Words(
        "e",
        lazy("The host answers, but not with this project"),
        lazy("Point the host at this studio: DNS, the proxy's Host header, and STUDIO_PUBLIC_URL must agree."),
    ),
    "broken": Words(
        "e",
        lazy("The server answers with an error"),
        lazy("A proxy or tunnel is up but cannot reach the studio. Is it running, and on the port the proxy uses?"),
    ),
    "other": Words(
        "e",
        lazy("Something else answers"),
        lazy("What came is no OpenAPI document. Another program answers at this address."),
    ),
    "time": Words(
        "e",
        lazy("No answer in 45 seconds"),
        lazy("ChatGPT gives up then. A firewall that drops packets looks like this; open port 443."),
    ),
    "tls": Words(
        "e",
        lazy("The certificate is not accepted"),
        lazy("ChatGPT wants a certificate of a public authority for exactly this host, with its whole chain."),
    ),
    "connect": Words(
        "e",
        lazy("Nothing answers there"),
        lazy("The host is known, but port 443 is closed. Start the proxy or the tunnel."),
    ),
    "name": Words(
        "e",
        lazy("The host has no address"),
        lazy("Add a DNS record for it. The own hosts of projects need a wildcard record, the path form does not."),
    ),
    "private": Words(
        "w",
        lazy("It cannot be judged from here"),
        lazy(
            "Seen from this machine the host lies in a private network, which is never called. If that is only so from "
            "here, open the address with a phone outside your network; else give the host a public address."
        ),
    ),
    "failed": Words(
        "e", lazy("The call failed"), lazy("The connection broke off. Try again, then look at the proxy's log.")
    ),
}  # fmt: skip


def begin(project: Project, owner, url: str) -> Job:
    """Starts a probe of one of the project's URLs, unless one is under way."""
    running = newest(project)
    if running is not None and not running.over:
        return running
    job = jobs.start(work, owner=owner, project=project, input={"address": url})
    job.refresh_from_db()  # a quick one is over already
    return job


def newest(project: Project) -> Job | None:
    """The last probe of a project; its result has ``code`` (of RESULTS) and what was seen."""
    return project.jobs.filter(kind=f"{__name__}.work").first()


def work(progress: jobs.Progress) -> dict:
    """The job."""
    return probe(progress.job.input["address"])


def probe(url: str) -> dict:
    """Fetches the document under ``url`` and says what came: ``code``, and ``status``, ``detail``, ``ms`` if known."""
    try:
        got = outbound.fetch(
            "GET", f"{url}/openapi.json", SENT, timeout=limits.SECONDS, max_bytes=2 * limits.DOCUMENT_BYTES, redirects=0
        )
    except outbound.OutboundRefused as refused:
        return {"code": refused.reason if refused.reason in RESULTS else "failed", "detail": str(refused)}
    code, detail = judge(url, got.status, got.headers, got.body, got.duration_us / 1_000_000)
    detail = detail.replace("\0", "")[:DETAIL]  # whoever answers there says what it likes
    return {"code": code, "detail": detail, "status": got.status, "ms": got.duration_us // 1000}


def judge(url: str, status: int, headers: Headers, body: bytes, seconds: float = 0) -> tuple[str, str]:
    """What an answer to the probe means (a code of RESULTS), and a detail of it for people."""
    given = dict(headers)
    kind = given.get("content-type", "")
    page = "html" in kind or body[:200].lstrip().lower().startswith((b"<!doctype", b"<html"))
    if status in _REDIRECTS:
        return "redirect", f"{status} → {given.get('location', '')}"
    if status == 200 and page:
        return ("wall" if _walled(given) else "interstitial"), _title(body)
    if status in (401, 403, 406, 429, 503) and (page or _walled(given)):
        return "wall", f"{status} {_title(body)}".strip()
    if status == 404:
        return "missing", str(status)
    if status != 200:
        return ("broken" if status >= 500 else "refused"), str(status)
    server = _server(body)
    if server is None:
        return "other", kind
    if server != url:
        return "server", server
    if not any(word in kind for word in _TYPES):
        return "type", kind
    return ("slow", f"{seconds:.1f} s") if seconds > SLOW else ("ok", "")


def _walled(given: dict[str, str]) -> bool:
    return any(name in given for name in WALLS)


def _title(body: bytes) -> str:
    found = re.search(rb"<title[^>]*>([^<]{1,120})", body[:20_000], re.IGNORECASE)
    return found[1].decode(errors="replace").strip() if found else ""


def _server(body: bytes) -> str | None:
    """The server that an OpenAPI document names first; None when the body is none."""
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(found, dict) or "openapi" not in found:
        return None
    servers = found.get("servers")
    first = servers[0] if isinstance(servers, list) and servers else {}
    return str(first.get("url", "")) if isinstance(first, dict) else ""
