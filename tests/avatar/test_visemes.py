"""Phones become shapes of the mouth."""

from hypothesis import given
from hypothesis import strategies as st

from avatar.phones import TOKEN_IDS
from avatar.speech import Phone
from avatar.visemes import _TABLE, NAMES, visemes


def _phones(*symbols: str, each: float = 0.1) -> list[Phone]:
    return [Phone(symbol=s, start=i * each, end=(i + 1) * each) for i, s in enumerate(symbols)]


def test_every_letter_of_both_languages_has_a_shape() -> None:
    zh_en = "pbmfvtdɾTkɡxhʔŋʧʤʃʒꭧʂszʦʣʨɕnlɹɻaɑæɐʌeɛəɤɜᵊɚijɪᵻɨoɔuwʊyɥAIWOQYθð"
    assert [letter for letter in zh_en if letter not in _TABLE] == []
    assert set(zh_en) <= set(TOKEN_IDS)


def test_tones_and_stress_do_not_change_the_shape() -> None:
    assert visemes(_phones("a↘")) == visemes(_phones("a→")) == visemes(_phones("a"))


def test_lips_close_long_enough_to_be_seen() -> None:
    track = visemes([Phone(symbol="a", start=0, end=0.2), Phone(symbol="p", start=0.2, end=0.225)])
    name, start, end, weight = track[-1]
    assert (name, end, weight) == ("PP", 0.225, 1.0)
    assert end - start >= 0.07


def test_lips_round_during_the_consonant_before_a_rounded_vowel() -> None:
    track = visemes(_phones("s", "u→"))
    assert [name for name, *_ in track] == ["SS", "U"]
    assert track[1][1] == 0.05


def test_a_closure_is_not_spoiled_by_rounding() -> None:
    track = visemes(_phones("p", "u→"))
    assert track[1][1] == 0.1


def test_a_diphthong_passes_through_two_shapes() -> None:
    assert [name for name, *_ in visemes(_phones("I"))] == ["aa", "I"]


def test_a_vowel_said_again_is_held() -> None:
    assert [(n, round(a, 3), round(b, 3)) for n, a, b, _ in visemes(_phones("i", "i↘"))] == [("I", 0.0, 0.2)]


@given(st.lists(st.sampled_from(sorted(_TABLE)), min_size=1, max_size=30))
def test_any_row_of_phones_gives_named_shapes_inside_its_time(symbols: list[str]) -> None:
    track = visemes(_phones(*symbols))
    assert all(name in NAMES and 0 <= start < end and 0 < weight <= 1 for name, start, end, weight in track)
    assert max(end for _, _, end, _ in track) <= len(symbols) * 0.1 + 1e-9
