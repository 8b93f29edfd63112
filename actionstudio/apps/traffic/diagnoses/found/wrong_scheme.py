"""The credential came in another way than the project expects."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from actionstudio.apps.traffic.diagnoses.case import Case
from actionstudio.apps.traffic.diagnoses.diagnosis import Diagnosis, on_call
from actionstudio.apps.traffic.masking import hidden_headers, is_masked
from actionstudio.apps.traffic.redaction import parted
from actionstudio.core.auth import ApiKey, Auth, OAuth, ServiceHttp, UserHttp
from actionstudio.runtime import straying


@on_call("bad")
def look(case: Case) -> Iterator[Diagnosis]:
    """ChatGPT sends what its action's authentication says: Bearer, Basic (the key exactly as typed), or a header of the
    builder's choice (OpenAI, "Actions: authentication"). When that form and the project's differ, every call fails."""
    if case.row.auth not in ("missing", "wrong") or case.row.status not in (401, 403):
        return
    wanted = expected(case.live.auth)
    if not wanted:
        return
    came = arrived(case, wanted)
    title, words = _told(case, wanted, came)
    facts = ((_("Came"), came or _("no credential")), (_("Expected"), wanted))
    links = case.link(_("Authentication"), "release:auth") + case.link(_("What to set in ChatGPT"), "gpt:connect")
    yield Diagnosis(title, words, facts, links)


def _told(case: Case, wanted: str, came: str) -> tuple[str, str]:
    """What was wrong with the credential, and the cure."""
    auth, (schemes, secret) = case.live.auth, credential(case, wanted)
    if case.row.auth == "missing":
        if came:
            return _("The credential came in another place than expected."), _choose(auth)
        return _("The call carried no credential."), _choose(auth)
    if before := pasted(schemes, wanted):
        title = _("A scheme stands before the secret.")
        if len(schemes) > 1 and schemes[0].lower() == before.lower():
            title = _("The scheme stands twice in the credential.")
        words = _(
            "The word %(word)s was pasted together with the secret, and travels as a part of it. Paste the secret "
            "alone."
        )
        return title, words % {"word": before}
    if came and came.lower() != wanted.lower():
        words = _(
            "The way in which the key travels differs. Choose the expected one in the GPT editor, or change it here."
        )
        return _("The credential came in another form than expected."), words
    if unfilled(secret):
        words = _("What came ends like a variable that nobody filled in. Put the secret itself in its place.")
        return _("A placeholder was sent instead of the secret."), words
    return _refused(auth)


def _choose(auth: Auth) -> str:
    if isinstance(auth, OAuth):
        return _(
            "In the GPT editor, open the action's Authentication and choose OAuth: ChatGPT then sends the token of who "
            "signed in as it is expected here."
        )
    return _("In the GPT editor, open the action's Authentication and choose what is expected here.")


def _refused(auth: Auth) -> tuple[str, str]:
    """The form is right, and what came is none of this project's."""
    if isinstance(auth, OAuth):
        words = _(
            "The form is right, the token is not one that this project knows. Sign in again in ChatGPT. If that brings "
            "no other token, compare the client id, the Authorization URL and the Token URL in the GPT editor with "
            "those of this project."
        )
        return _("The token is not one of this project's."), words
    if isinstance(auth, UserHttp):
        words = _(
            "The form is right, the secret is not one of this project's. Issue this person a key, which they enter in "
            "ChatGPT."
        )
        return _("The secret itself is wrong."), words
    words = _(
        "The form is right, the secret is not one of this project's. Issue a key and paste it into the GPT editor."
    )
    return _("The secret itself is wrong."), words


def expected(auth: Auth) -> str:
    """How a credential must travel, as the first characters of its header; "" when nothing in particular is asked."""
    match auth:
        case ApiKey(scheme="header"):
            return f"{auth.header}: …"
        case ApiKey():
            return f"Authorization: {auth.scheme.capitalize()} …"
        case ServiceHttp() | UserHttp():
            return f"Authorization: {auth.authorization_type.capitalize()} …"
        case OAuth():
            return "Authorization: Bearer …"
    return ""


def arrived(case: Case, wanted: str) -> str:
    """Where a credential came and under which scheme, without its secret; "" for none."""
    name = wanted.partition(":")[0]
    if name.lower() != "authorization" and case.headers.get(name.lower()):
        return f"{name}: …"
    if value := case.headers.get("authorization", ""):
        return " ".join(["Authorization:", *parted(value)[0], "…"])
    if found := straying.place_of(case.row.headers_in, case.row.query):
        return f"{found[1]}: …" if found[0] == "header" else f"?{found[1]}=…"
    hidden = hidden_headers(case.row.headers_in) if case.row.auth == "wrong" else []
    return next((f"{name}: …" for name in hidden if name != "cookie"), "")


def credential(case: Case, wanted: str) -> tuple[list[str], str]:
    """The schemes and the hidden secret in the header that is expected."""
    return parted(case.headers.get(wanted.partition(":")[0].lower(), ""))


def pasted(schemes: list[str], wanted: str) -> str:
    """The scheme that stands before a secret where none is to stand; "" for none."""
    right = "" if not wanted.startswith("Authorization:") else wanted.split()[1].lower()
    extra = schemes[1:] if schemes and schemes[0].lower() == right else [] if right else schemes
    return extra[0] if extra else ""


def unfilled(secret: str) -> bool:
    """Whether what came was a placeholder such as {{access_token}}: the mark of a secret shows its end."""
    return is_masked(secret) and secret.partition(" ")[0].endswith(("}", ">"))
