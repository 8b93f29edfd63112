"""The project's colour on its sign-in pages: bent until what is written in it, or on it, can be read.

Contrast as WCAG 2.2 defines it (success criterion 1.4.3): 4.5 to 1 for text, 3 to 1 for the ring around what has focus.
"""

from __future__ import annotations

import re

type Rgb = tuple[float, float, float]

HEX = re.compile(r"#[0-9a-fA-F]{6}")
WHITE: Rgb = (1, 1, 1)
BLACK: Rgb = (0, 0, 0)
# The lightest and the darkest ground that text of the accent stands on, in each theme (static/css/tokens.css)
LIGHT: Rgb = (0.949, 0.957, 0.965)
DARK: Rgb = (0.118, 0.133, 0.161)
TEXT, RING = 4.5, 3.0
_STEPS = 100


def sheet(colour: str) -> str:
    """The style sheet for a colour ``#rrggbb``; empty for "" or what is none, which leaves the studio's own."""
    if not HEX.fullmatch(colour):
        return ""
    base = parsed(colour)
    solid = until(base, BLACK, WHITE)
    pale, deep = mixed(base, WHITE, 0.9), mixed(base, BLACK, 0.75)
    tokens = {
        "accent": (
            until(base, BLACK, min(LIGHT, pale, key=luminance)),
            until(base, WHITE, max(DARK, deep, key=luminance)),
        ),
        "accent-solid": (solid, solid),
        "accent-solid-hover": (mixed(solid, BLACK, 0.15), mixed(solid, BLACK, 0.15)),
        "accent-tint": (pale, deep),
        "focus": (until(base, BLACK, LIGHT, RING), until(base, WHITE, DARK, RING)),
    }
    lines = (f"    --{name}:light-dark({written(light)},{written(dark)});" for name, (light, dark) in tokens.items())
    return "@layer tokens {\n  :root {\n" + "\n".join(lines) + "\n  }\n}\n"


def until(colour: Rgb, towards: Rgb, ground: Rgb, wanted: float = TEXT) -> Rgb:
    """The colour, mixed with as little of ``towards`` as it takes to stand out from ``ground``."""
    for step in range(_STEPS):
        found = mixed(colour, towards, step / _STEPS)
        if contrast(_rounded(found), ground) >= wanted:
            return found
    return towards


def mixed(colour: Rgb, other: Rgb, share: float) -> Rgb:
    """``colour`` with a share (0 to 1) of ``other``."""
    red, green, blue = (a * (1 - share) + b * share for a, b in zip(colour, other, strict=True))
    return red, green, blue


def contrast(one: Rgb, other: Rgb) -> float:
    """From 1 (the same) to 21 (black on white)."""
    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def parsed(text: str) -> Rgb:
    """``#rrggbb`` as shares of red, green and blue."""
    return int(text[1:3], 16) / 255, int(text[3:5], 16) / 255, int(text[5:7], 16) / 255


def written(colour: Rgb) -> str:
    """As CSS writes it."""
    return "#" + "".join(f"{round(part * 255):02x}" for part in colour)


def _rounded(colour: Rgb) -> Rgb:
    return parsed(written(colour))


def luminance(colour: Rgb) -> float:
    """How bright, from 0 to 1 (WCAG 2.2, "relative luminance")."""
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
