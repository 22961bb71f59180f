"""What stands before the host: the label that nothing removes, the card, the captions."""

import numpy as np
import pytest

from app.film.output import HEIGHT, WIDTH
from app.film.picture import BACKGROUNDS, Picture
from app.film.plates import THEMES, Plates, money, pieces_of
from app.film.viewer import Scene
from app.shows.cast import BACKGROUNDS as CAST_BACKGROUNDS
from app.shows.cast import THEMES as CAST_THEMES
from tests.film.scenes import CARD, START, setting, speech


def luminance(colour: np.ndarray) -> np.ndarray:
    share = colour / 255.0
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ [0.2126, 0.7152, 0.0722])


def test_every_theme_and_background_of_the_overlay_is_one_of_the_film() -> None:
    assert set(THEMES) == set(CAST_THEMES)
    assert set(BACKGROUNDS) == set(CAST_BACKGROUNDS)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_labels_letters_are_six_percent_of_the_shortest_side_high(lang: str) -> None:
    patch = Plates(setting()).label(lang, rehearsal=False)
    ink = np.flatnonzero((patch.colour > 200).all(axis=2).any(axis=1))
    assert ink[-1] - ink[0] + 1 >= 0.06 * WIDTH


@pytest.mark.parametrize("background", sorted(BACKGROUNDS))
@pytest.mark.parametrize("state", ["idle", "on_air", "held", "silenced", "ended"])
def test_the_label_is_in_every_picture_with_a_contrast_of_four_and_a_half(background: str, state: str) -> None:
    picture = Picture(background, setting("night"))
    long = {"name": "名字" * 20, "text": "很长的问题" * 40, "simulated": True}
    scene = Scene(state=state, host="/static/hosts/lan/", card=CARD, comment=long, notice="说明" * 40)
    frame = picture.draw(scene, START)
    patch = Plates(setting()).label("zh", rehearsal=False)
    high, wide = patch.through.shape[:2]
    part = frame[patch.y : patch.y + high, patch.x : patch.x + wide]
    letters = (patch.colour > 250).all(axis=2)
    ground = (patch.through[..., 0] < 60) & (patch.colour < 40).all(axis=2)
    bright, dark = luminance(part[letters]).min(), luminance(part[ground]).max()
    assert letters.sum() > 2000
    assert (bright + 0.05) / (dark + 0.05) >= 4.5


def test_a_price_is_struck_through_only_beside_its_basis() -> None:
    plates = Plates(setting())
    with_basis = plates.card(CARD, START)
    without = plates.card({**CARD, "list_price_basis": None}, START)
    none = plates.card({**CARD, "list_price": None, "list_price_basis": None}, START)
    assert with_basis is not None and without is not None and none is not None
    assert not np.array_equal(with_basis.colour, none.colour)
    assert np.array_equal(without.colour, none.colour)


def test_a_card_is_drawn_anew_when_its_price_changes_and_when_a_second_of_its_offer_passes() -> None:
    plates = Plates(setting())
    timed = {**CARD, "ends_ms": (START + 60) * 1000}
    first = plates.card(timed, START)
    assert plates.card(timed, START + 0.4) is first
    assert plates.card(timed, START + 1.5) is not first
    assert plates.card({**timed, "price": "129.00"}, START + 1.5) is not plates.card(timed, START + 1.5)


def test_an_address_cannot_lead_out_of_the_pictures_folder() -> None:
    plates = Plates(setting())
    plain = plates.card({**CARD, "picture": None}, START)
    led = plates.card({**CARD, "picture": "/static/img/../../templates/overlay.html"}, START)
    assert plain is not None and led is not None
    assert np.array_equal(plain.colour, led.colour)


def test_captions_light_up_word_by_word() -> None:
    plates, said = Plates(setting()), speech(0.0, 2.0)
    patches = [plates.captions(said, at) for at in (0.1, 0.6, 1.2)]
    assert patches[0] is patches[1]
    assert patches[1] is not patches[2]
    assert plates.captions(None, None) is None


def test_the_pieces_of_a_caption_are_its_text() -> None:
    said = {**speech(0.0, 2.0), "text": "“大家，好呀！”"}
    assert "".join(text for text, _, _ in pieces_of(said)) == "“大家，好呀！”"


def test_long_words_stay_in_the_picture() -> None:
    said = {**speech(0.0, 2.0), "text": "很长" * 120, "words": [["很长" * 120, 0.0, 2.0]]}
    patch = Plates(setting()).captions(said, 1.0)
    assert patch is not None
    assert patch.x + patch.through.shape[1] <= WIDTH
    assert 0 < patch.y < HEIGHT


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [("59.00", "CNY", "¥59"), ("1299.50", "CNY", "¥1,299.50"), ("18.00", "USD", "$18"), ("7.5", "CHF", "7.50 CHF")],
)
def test_money_is_shown_as_on_the_overlay(amount: str, currency: str, shown: str) -> None:
    assert money(amount, currency) == shown
