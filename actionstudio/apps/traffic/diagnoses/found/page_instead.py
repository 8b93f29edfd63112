"""A page for people came where JSON was promised."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from actionstudio.apps.traffic.diagnoses.case import Case
from actionstudio.apps.traffic.diagnoses.diagnosis import Diagnosis, on_call

SIGNS = (
    ("ngrok", ("ngrok-skip-browser-warning", "err_ngrok", "cdn.ngrok.com")),
    ("Cloudflare", ("cf-challenge", "cf_chl", "cloudflare", "just a moment...")),
    ("a login page", ('type="password"', 'name="password"')),
)


@on_call("bad")
def look(case: Case) -> Iterator[Diagnosis]:
    """Bot protection and the interstitial pages of tunnels answer ChatGPT with HTML (field reports, 2024 to 2026)."""
    if not case.is_call or not case.row.response_size or not case.wants_json:
        return
    kind = case.answered.get("content-type", "").lower()
    start = case.answer_text[:2000].lstrip().lower()
    if "html" not in kind and not start.startswith(("<!doctype html", "<html")):
        return
    text = case.answer_text[:20_000].lower()
    who = next((name for name, signs in SIGNS if any(sign in text for sign in signs)), "")
    facts = ((_("Content-Type"), kind or "–"), *(((_("Looks like"), who),) if who else ()))
    links = case.link(_("Upstreams"), "mocking:upstreams")
    words = _(
        "Let ChatGPT pass: switch the protection off for this path, skip the tunnel's warning page, or answer "
        "errors as JSON."
    )
    yield Diagnosis(_("An HTML page came instead of JSON."), words, facts, links)
