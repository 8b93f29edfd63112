"""What a check of a provider is, what it finds, and the table of all. A check is one file that registers itself."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.signin.checks.look import Look

PASS, FINDING, UNTRIED = "pass", "finding", "untried"
LEVELS = ("high", "medium", "low")
# Why something was not tried: shared by all checks
COMMON = {
    "no_answer": lazy("The provider did not answer."),
    "login_first": lazy("It asks people to sign in before it decides, so nothing can be told from outside."),
    "no_run": lazy("This run got no code: sign in with it first."),
    "no_token": lazy("This run holds no token: sign in with it first."),
    "no_refresh": lazy("This run got no refresh token."),
    "no_call": lazy("The run was told nothing to call that changes nothing."),
    "no_metadata": lazy("It has no metadata at the usual places."),
    "not_offered": lazy("It offers none, as far as its metadata tells."),
    "no_secret": lazy("The client has no secret."),
}


@dataclass(frozen=True, slots=True)
class Found:
    """What a check saw. ``said`` is a key of the check's ``words`` or of COMMON, ``seen`` what was seen, for people who
    read HTTP; nothing secret."""

    state: str
    said: str = ""
    seen: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """``code`` is the name of its file with dashes, ``title`` the file's first line, ``about`` its docstring: what is
    tried, why it matters, the cure. ``source`` is the rule's section. ``words`` are what it may say."""

    code: str
    level: str
    source: str
    title: str
    about: str
    function: Callable[[Look], Found] = field(repr=False)
    words: Mapping[str, str] = field(default_factory=dict)


CHECKS: dict[str, Check] = {}


def review(*, level: str, source: str, **words: str) -> Callable[[Callable[[Look], Found]], Callable[[Look], Found]]:
    """Registers a function as the check of its file."""

    def register(function: Callable[[Look], Found]) -> Callable[[Look], Found]:
        code = function.__module__.rpartition(".")[2].replace("_", "-")
        title = (sys.modules[function.__module__].__doc__ or "").strip()
        CHECKS[code] = Check(code, level, source, title, inspect.getdoc(function) or "", function, words)
        return function

    return register


def passed(said: str = "", seen: str = "") -> Found:
    return Found(PASS, said, seen)


def finding(said: str, seen: str = "") -> Found:
    return Found(FINDING, said, seen)


def untried(said: str, seen: str = "") -> Found:
    return Found(UNTRIED, said, seen)
