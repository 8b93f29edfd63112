"""Answers runtime.Tokens: the tokens and end users' keys of a project, by the SHA-256 of their text."""

from django.db.models import QuerySet

from actionstudio.apps.oauth.models import AccessToken, EndUser, UserKey
from actionstudio.apps.oauth.prepared import Rows, Slot
from actionstudio.apps.projects.pooling import give_back
from actionstudio.apps.traffic.models import BY_KEY, BY_PERSON
from actionstudio.runtime.ports import Token
from actionstudio.runtime.tokens import forget

__all__ = ["DatabaseTokens", "forget", "trail", "unsigned"]


def _token() -> QuerySet[AccessToken]:
    return AccessToken.objects.select_related("user", "application").filter(token_checksum=Slot("digest")).order_by()


def _key() -> QuerySet[UserKey]:
    mine = UserKey.objects.select_related("user").filter(user__project_id=Slot("project"))
    return mine.filter(digest=Slot("digest")).order_by()


_TOKEN, _KEY = Rows(_token), Rows(_key)


def trail(key: UserKey) -> str:
    """What calls with it bear in the log (Exchange.sign_in); never a SignIn's key, which is hexadecimal."""
    return f"{BY_KEY}{key.pk}"


def unsigned(user: EndUser | None) -> str:
    """The same of calls that count as somebody's though they did not sign in for them; "" for nobody's."""
    return f"{BY_PERSON}{user.pk}" if user is not None else ""


class DatabaseTokens:
    """runtime.ports.Tokens over the provider's tables."""

    def find(self, project_id: int, digest: bytes) -> Token | None:
        try:
            return self._find(project_id, digest)
        finally:
            give_back()

    def _find(self, project_id: int, digest: bytes) -> Token | None:
        found: AccessToken | None = _TOKEN.first(digest=digest.hex())
        if found is None:
            return self._key(project_id, digest)
        client, user = found.application, found.user
        if getattr(client or user, "project_id", None) != project_id:
            return None
        state, ended = "ok", ""
        if user is not None and not user.is_active:
            state, ended = "revoked", "closed"
        elif found.revoked is not None:
            state, ended = "revoked", found.ended_by
        elif client is not None and not client.works:
            state = "disabled"
        return Token(
            digest,
            state,
            str(user.sub) if user else "",
            str(user or ""),
            str(client or ""),
            frozenset(found.scope.split()),
            found.expires.timestamp(),
            tuple(found.resource or ()),
            found.sign_in or unsigned(user),
            ended=ended,
        )

    def _key(self, project_id: int, digest: bytes) -> Token | None:
        found: UserKey | None = _KEY.first(digest=digest.hex(), project=project_id)
        if found is None:
            return None
        state = "ok" if found.revoked is None and found.user.is_active else "revoked"
        who = found.user
        return Token(digest, state, str(who.sub), str(who), found.name, sign_in=trail(found), kind="key")
