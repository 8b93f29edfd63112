"""The ChatGPT limit deck: each case can be asked of a mock, and says who says so."""

import pytest

from actionstudio.core import answering, codec, deck, limits
from actionstudio.core.words import Said
from tests import make

PRESETS = list(deck.PRESETS.values())


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_every_case_is_a_fault_that_the_strict_reader_takes(preset):
    contract = make.contract()
    assert answering.fault_of(codec.plain(preset.fault), contract, contract.operations[0]) == preset.fault
    assert 1 <= preset.calls <= 100


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_every_case_says_what_chatgpt_does_and_who_says_so_in_any_language(preset):
    assert isinstance(preset.title, Said) and isinstance(preset.what, Said) and preset.source
    assert preset.sure in (deck.DOCUMENTED, deck.REPORTED, deck.INFERRED)


def test_the_numbers_are_one_below_and_one_above_chatgpts():
    faults = {name: preset.fault for name, preset in deck.PRESETS.items()}
    assert faults["answers-44-s"].seconds < limits.SECONDS < faults["answers-46-s"].seconds
    assert faults["characters-99999"].characters < limits.PAYLOAD < faults["characters-100001"].characters
    assert str(deck.PRESETS["characters-99999"].title) == "99,999 characters"
