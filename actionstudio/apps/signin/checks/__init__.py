"""Checks of a provider against RFC 9700 and its relatives: one file a check. ORDER is the table, in the order in which
they are tried: what ends the run's tokens comes last."""

from actionstudio.apps.signin.checks import (
    answers_not_cached,
    code_once,
    framing,
    https_only,
    implicit_off,
    introspection_closed,
    issuer,
    metadata_consistent,
    open_redirector,
    password_off,
    pkce_downgrade,
    pkce_plain,
    pkce_required,
    redirect_bound,
    redirect_exact,
    refresh_rotates,
    replay_revokes,
    secret_checked,
    state_echoed,
    token_not_in_query,
)
from actionstudio.apps.signin.checks.check import CHECKS, FINDING, PASS, UNTRIED, Check, Found
from actionstudio.apps.signin.checks.look import Look

__all__ = ["CHECKS", "FINDING", "ORDER", "PASS", "UNTRIED", "Check", "Found", "Look"]

_MEMBERS = (
    redirect_exact, open_redirector, redirect_bound, state_echoed, issuer, pkce_required, pkce_plain, pkce_downgrade,
    implicit_off, password_off, secret_checked, answers_not_cached, framing, https_only, metadata_consistent,
    introspection_closed, token_not_in_query, refresh_rotates, code_once, replay_revokes,
)  # fmt: skip
ORDER: tuple[Check, ...] = tuple(CHECKS[one.__name__.rpartition(".")[2].replace("_", "-")] for one in _MEMBERS)
