"""Try it: one endpoint's form at the left, what was sent, what came back and why at the right."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from django.contrib.auth.decorators import login_required
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from actionstudio.apps.design.views.endpoint import find, ref_of
from actionstudio.apps.mocking import trying
from actionstudio.apps.mocking.asking import Field
from actionstudio.apps.mocking.trying import NOBODY, TYPED, Credential, Texts, Trial, Unserved, Wish
from actionstudio.apps.oauth import assuming
from actionstudio.apps.projects import access
from actionstudio.apps.traffic import exporting, verdict, walking
from actionstudio.apps.traffic import views as logged
from actionstudio.apps.traffic.filters import Filter
from actionstudio.apps.traffic.models import Exchange
from actionstudio.apps.web import htmx
from actionstudio.core import limits
from actionstudio.core.auth import ApiKey
from actionstudio.core.problem import Problem, Refused
from actionstudio.runtime.pacing import UNWAITED
from actionstudio.runtime.ports import Token
from actionstudio.runtime.visit import ANY_KEY

ANY = "any"
LATEST = 6
PLACES = ("path", "query", "header", "cookie")
LONG = 80  # characters from which on a text is given more than one line


@dataclass
class Shown:
    """What the page shows: the form's texts, the wish, whose credential, what is wrong, and the row of the answer."""

    texts: Texts
    wish: Wish = field(default_factory=Wish)
    credential: str = ""
    typed: tuple[str, str] = ("", "")
    seed: int = 0
    errors: dict[str, str] = field(default_factory=dict)
    row: Exchange | None = None
    status: int = 200


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def try_it(request, slug: str, ref: str):
    """The form; a post fills it, turns it, or sends it. ``?of=req_…`` begins with a logged call."""
    posted = request.method == "POST"
    project = (access.changeable if posted else access.viewable)(request, slug)
    row = find(project, ref)
    context = {"project": project, "nav": "endpoints", "op": row, "ref": ref_of(row.operation_id, row.pk)}
    try:
        trial = Trial.of(project, row.method, row.path)
    except Unserved as unserved:
        return htmx.page(request, "mocking/try.html", {**context, "unserved": str(unserved)}, part="try")
    shown = _posted(request, trial) if posted else _begun(request, trial)
    context |= _form(trial, shown)
    context["tries"] = walking.page(project.pk, Filter(source="try", op=trial.served.name), size=LATEST).rows
    if shown.row is not None:
        context |= _result(request, project, shown.row)
    return htmx.page(request, "mocking/try.html", context, part="try", status=shown.status)


def _begun(request, trial: Trial) -> Shown:
    """A fresh form with examples, or the form of a logged call."""
    of = request.GET.get("of", "")
    row = logged.find(trial.project, of) if of else None
    if row is None:
        return Shown(trial.filled("example"), credential=_usual(trial))
    shown = Shown(trial.texts_of(row), credential=_usual(trial))
    if row.operation_id == trial.served.name and row.source == "try":
        shown.row = row
    return shown


def _usual(trial: Trial) -> str:
    """The credential to begin with where one is asked for: a test user where people sign in, else the newest key."""
    house = trial.served.house
    if not house.resolver.security(trial.served.operation):
        return NOBODY
    if person := assuming.usual(assuming.choices(trial.project, house.contract.auth)):
        return f"{assuming.PREFIX}{person.sub}"
    key = trial.project.keys.filter(revoked=None).values_list("pk", flat=True).first()
    return str(key) if key else ANY


def _posted(request, trial: Trial) -> Shown:
    data = request.POST
    asked = {name: data.get(name, "")[: trying.LONGEST].replace("\0", "") for name in data}
    seed = int(asked.get("seed") or 0) if asked.get("seed", "").isdecimal() and len(asked["seed"]) < 9 else 0
    wish = Wish(
        accept=asked.get("accept", ""),
        code=asked.get("code", ""),
        example=asked.get("example", ""),
        dynamic=bool(asked.get("dynamic")),
        query=asked.get("more_query", ""),
        headers=asked.get("more_headers", ""),
    )
    typed = asked.get("typed_name", "").strip(), asked.get("typed_value", "")
    shown = Shown(asked, wish, asked.get("credential") or NOBODY, typed, seed)
    deed, _colon, argument = asked.get("_op", "").partition(":")
    DEEDS.get(deed, _send)(trial, shown, argument)
    return shown


def _fill(trial: Trial, shown: Shown, how: str) -> None:
    shown.seed += 1
    how = how if how in trying.FILLS else "example"
    shown.texts = trial.filled(how, shown.texts.get("media", ""), shown.seed)


def _media(trial: Trial, shown: Shown, argument: str) -> None:
    """Another media type: the body begins anew with its example."""
    shown.texts |= {
        name: text
        for name, text in trial.filled("example", shown.texts.get("media", "")).items()
        if name.startswith("body") or name in ("media", "as")
    }


def _turn(trial: Trial, shown: Shown, way: str) -> None:
    """The body as fields, or as text."""
    media = trial.media(shown.texts.get("media", ""))
    fields = trial.fields(media)
    try:
        if way == "text":
            value = trying.asking.gathered(fields, shown.texts, trial.components)
            shown.texts |= {"body": trying.asking.written(value) if value else "", "as": "text"}
            return
        text = shown.texts.get("body", "")
        value = trying.asking.parsed(text, "body") if text.strip() else {}
        if not trying.asking.whole(fields, value, trial.components):
            raise Refused(Problem("body", _("Some of this has no field of its own. It stays as text.")))
        shown.texts |= trying.asking.spread(fields, value) | {"as": "fields"}
    except Refused as refused:
        _wrong(shown, refused)


def _send(trial: Trial, shown: Shown, argument: str) -> None:
    try:
        credential = _credential(trial, shown)
        call = trial.call(shown.texts, shown.wish, credential, broken=bool(shown.texts.get("broken")))
    except Refused as refused:
        _wrong(shown, refused)
        return
    shown.row = trial.send(call, credential)


def _wrong(shown: Shown, refused: Refused) -> None:
    shown.status = 422
    for problem in refused.problems:
        shown.errors.setdefault(problem.pointer, problem.message)


DEEDS = {"fill": _fill, "media": _media, "as": _turn, "send": _send}


def _credential(trial: Trial, shown: Shown) -> Credential:
    """Whose credential the call carries. Raises Refused."""
    if shown.credential == ANY:
        return Credential(ANY_KEY)
    if shown.credential == TYPED:
        name, value = shown.typed
        if not trying.HEADER.fullmatch(f"{name}: {value}"):
            raise Refused(Problem("typed_name", _("Use letters, digits and dashes, such as Authorization.")))
        if not value.strip():
            raise Refused(Problem("typed_value", _("Type the credential, or choose another one above.")))
        return Credential(name=name, value=value.strip())
    if shown.credential.startswith(assuming.PREFIX):
        return Credential(token=_as(trial, shown.credential.removeprefix(assuming.PREFIX)))
    if shown.credential.isdecimal() and len(shown.credential) < 18:
        if trial.project.keys.filter(pk=int(shown.credential), revoked=None).exists():
            return Credential(int(shown.credential))
        raise Refused(Problem("credential", _("There is no such key any more. Choose another one.")))
    return Credential()


def _as(trial: Trial, sub: str) -> Token:
    try:
        person = assuming.find(trial.project, sub, "credential")
    except Refused:
        raise Refused(Problem("credential", _("There is no such account any more. Choose another one."))) from None
    return assuming.token(trial.project, str(person.sub), app=_("Try it"))


def _form(trial: Trial, shown: Shown) -> dict:
    """What the form's template shows."""
    media = trial.media(shown.texts.get("media", ""))
    fields = trial.fields(media)
    auth = trial.served.house.contract.auth
    header = auth.header if isinstance(auth, ApiKey) and auth.scheme == "header" else "Authorization"
    return {
        "parameters": [_row(one, shown) for one in trial.parameters],
        "body": [_row(one, shown) for one in fields],
        "as_fields": bool(fields) and shown.texts.get("as") == "fields",
        "has_fields": bool(fields),
        "has_body": media is not None,
        "media_types": trial.media_types,
        "media": media.media_type if media else "",
        "code_language": "json" if media and trying.is_json(media.media_type) else "text",
        "accepted": trial.accepted,
        "codes": trial.codes,
        "example_keys": trial.examples,
        "keys": trial.project.keys.filter(revoked=None)[:100],
        "people": [(f"{assuming.PREFIX}{one.sub}", one) for one in assuming.choices(trial.project, auth)],
        "any_key": bool(trial.served.house.resolver.security(trial.served.operation)),
        "typed_name": shown.typed[0] or header,
        "served": trial.served.operation,
        "base": trial.base,
        "revision": trial.address.pinned.number if trial.address.pinned else 0,
        "s": shown,
    }


def _row(one: Field, shown: Shown) -> dict:
    value = shown.texts.get(one.name, "")
    return {
        "field": one,
        "id": f"f-{one.name.replace('/', '-').replace('.', '-')}",
        "value": value,
        "choices": [trying.asking.text_of(choice) for choice in one.choices],
        "long": "\n" in value or len(value) > LONG,
        "error": shown.errors.get(one.name, ""),
    }


def _result(request, project, row: Exchange) -> dict:
    """What was sent, what came back, and why, as the log shows it."""
    context = logged.detail_context(request, project, row)
    here = f"&of={row.public_id}"
    return context | {
        "wire": exporting.wire(row),
        "answer": context["sides"][1],
        "unwaited": _unwaited(row),
        "and_qs": here,
        "qs": "",
        "log_url": reverse("traffic:exchange", args=[project.slug, row.public_id]),
        "epoch": secrets.token_hex(3),
    }


def _unwaited(row: Exchange) -> str:
    """What ChatGPT would have seen of a wait that Try it leaves out; "" when there is none."""
    waits = sum(us for stage, us in verdict.timings(row) if stage == UNWAITED)
    if not waits:
        return ""
    seconds = round(waits / 1e6, 1)
    told = {"wait": formats.number_format(int(seconds) if seconds == int(seconds) else seconds), "most": limits.SECONDS}
    if row.duration_us > limits.SECONDS * 1_000_000:
        return _("Try it does not wait: ChatGPT would have waited %(wait)s s and given up after %(most)s.") % told
    return _("Try it does not wait: ChatGPT would have waited %(wait)s s.") % told
