"""Whatever colour a project has, its pages can be read in both themes."""

import itertools

import pytest

from actionstudio.apps.oauth.address import colours

STEPS = ("00", "40", "80", "bf", "ff")
ALL = ["#" + "".join(parts) for parts in itertools.product(STEPS, repeat=3)]


def tokens(sheet: str) -> dict:
    found = {}
    for line in sheet.splitlines():
        if "light-dark" in line:
            name, _, pair = line.strip().removeprefix("--").partition(":light-dark(")
            found[name] = [colours.parsed(one) for one in pair.rstrip(");").split(",")]
    return found


@pytest.mark.parametrize("colour", ALL)
def test_every_colour_can_be_read(colour):
    made = tokens(colours.sheet(colour))
    light, dark = made["accent"]
    assert colours.contrast(light, colours.LIGHT) >= 4.5 and colours.contrast(dark, colours.DARK) >= 4.5
    pale, deep = made["accent-tint"]
    assert colours.contrast(light, pale) >= 4.4 and colours.contrast(dark, deep) >= 4.4
    for solid in (*made["accent-solid"], *made["accent-solid-hover"]):
        assert colours.contrast(solid, colours.WHITE) >= 4.5
    light, dark = made["focus"]
    assert colours.contrast(light, colours.LIGHT) >= 3 and colours.contrast(dark, colours.DARK) >= 3


def test_a_colour_that_can_be_read_stays_as_it_is():
    assert tokens(colours.sheet("#3344AA"))["accent-solid"] == [colours.parsed("#3344aa")] * 2


@pytest.mark.parametrize("colour", ["", "red", "#fff", "#12345g", "#123456;} body{display:none"])
def test_what_is_no_colour_changes_nothing(colour):
    assert colours.sheet(colour) == ""
