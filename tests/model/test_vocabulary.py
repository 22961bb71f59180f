"""The kept third of the vocabulary: nothing becomes unsayable, and other vocabularies stay whole."""

import json
from pathlib import Path

import gguf
import pytest

from model import vocabulary
from model.convert import tokenizer_of
from model.donor import ORIGIN, TOKENIZER
from model.tokenizer import END, START, Tokenizer
from model.train.vocabulary import chosen

TEXTS = (
    "316不锈钢保温杯 500ml，到手价¥89.00（原价129），48小时发货！",
    "Waterproof IPX7 · 65W GaN charger, 2-pack — free returns within 30 days.",
    "𠮷野家 龘靐 ﷽ ไทย العربية 한국어 ☕️👩‍👩‍👧 \u200b\ufeff\t\r\n  end",
)


def test_the_parts_of_every_kept_token_are_kept_and_rare_ones_go() -> None:
    tokens = ["a", "b", "c", "ab", "abc", "ca", "<|x|>"]
    merges = [("a", "b"), ("ab", "c"), ("c", "a")]
    assert chosen(tokens, merges, {4: 3, 5: 2}, size=6) == {0, 1, 2, 3, 4, 6}


def test_a_choice_is_read_as_it_was_saved_and_only_for_its_own_vocabulary(tmp_path: Path) -> None:
    file, tokens = tmp_path / "kept.bits", [f"t{i}" for i in range(21)]
    vocabulary.save(tokens, {0, 7, 20}, file)
    kept = vocabulary.selection(tokens, file)
    assert kept is not None
    assert kept.rows.tolist() == [0, 7, 20]
    assert kept.words({"t7": 7, "t8": 8, "t20": 20}) == {"t7": 1, "t20": 2}
    assert vocabulary.selection([*tokens, "other"], file) is None


@pytest.mark.real
def test_every_text_still_encodes_and_comes_back(donor_weights: Path) -> None:
    small = Tokenizer.load(donor_weights / TOKENIZER)
    published = donor_weights.parent / json.loads((donor_weights / ORIGIN).read_text("utf-8"))["file"]
    tokens, merges, whole = tokenizer_of(gguf.GGUFReader(published), pruned=False)
    assert len(small.token_bytes) == 40_000 < len(tokens)
    assert {START, END} <= set(small.specials)
    for text in TEXTS:
        assert small.decode(small.encode(text)) == text
    shop = "\n".join(TEXTS[:2])
    assert len(small.encode(shop)) <= 1.05 * len(whole.encode(shop))
    kept = vocabulary.selection(tokens)
    assert kept is not None
    alone = {tokens[row] for row in kept.rows}
    made = {left + right: (left, right) for left, right in reversed(merges)}
    assert all(set(made[token]) <= alone for token in alone if token in made)
