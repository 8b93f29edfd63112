"""What a guard says of a call."""

from __future__ import annotations

from typing import NamedTuple

from actionstudio.runtime.ports import Token

REFUSED = frozenset(("missing", "wrong", "revoked", "expired", "scope"))
_RANK = ("scope", "revoked", "expired", "wrong", "missing")


class Verdict(NamedTuple):
    """``outcome`` is none, open, ok, missing, wrong, revoked, expired or scope (signed in, but not allowed this);
    ``sentence`` says why in plain words. ``token`` is the token that let the call in."""

    outcome: str
    sentence: str
    key_id: int | None = None
    challenge: str = ""
    token: Token | None = None

    @property
    def refused(self) -> bool:
        """Whether the call ends here."""
        return self.outcome in REFUSED

    @property
    def rank(self) -> int:
        """The smaller, the nearer was the caller to being let in."""
        return _RANK.index(self.outcome)


OPEN = Verdict("open", "this operation needs no credential")
FREE = Verdict("none", "the project asks for no credential")
ASSUMED = Verdict("ok", "counts as authenticated")
