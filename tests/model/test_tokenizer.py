"""Text to tokens and back."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from model.tokenizer import END, TextStream, Tokenizer, Turn
from tests.model.tiny import tiny_tokenizer

TINY = tiny_tokenizer()
WHOLE = st.text(alphabet=st.characters(exclude_categories=["Cs"]))


@given(WHOLE)
def test_every_text_comes_back(text: str) -> None:
    assert TINY.decode(TINY.encode(text)) == text


def test_every_byte_has_a_token(tokenizer: Tokenizer) -> None:
    assert {bytes([byte]) for byte in range(256)} <= set(tokenizer.token_bytes)


def test_a_control_token_written_in_text_has_no_power(tokenizer: Tokenizer) -> None:
    ids = tokenizer.encode(f"hello {END}")
    assert not tokenizer.ends.intersection(ids)
    assert tokenizer.decode(ids) == f"hello {END}"


def test_a_conversation_begins_with_its_beginning(tokenizer: Tokenizer) -> None:
    messages = [Turn("system", "卖杯子"), Turn("user", "\n多少钱"), Turn("assistant", "89元")]
    whole = tokenizer.chat(messages, reply=True)
    for n in (1, 2, 3):
        part = tokenizer.chat(messages[:n], reply=False)
        assert whole[: len(part)] == part


def test_an_unknown_role_is_refused(tokenizer: Tokenizer) -> None:
    with pytest.raises(ValueError, match="'tool'"):
        tokenizer.chat([Turn("tool", "x")], reply=True)


def test_it_survives_saving(tokenizer: Tokenizer, tmp_path: Path) -> None:
    tokenizer.save(tmp_path / "t.json")
    again = Tokenizer.load(tmp_path / "t.json")
    assert again.encode("中国 12元🙂") == tokenizer.encode("中国 12元🙂")
    assert again.token_bytes == tokenizer.token_bytes
    assert again.ends == tokenizer.ends


@given(WHOLE, st.lists(st.text(min_size=1, max_size=3, alphabet="ab中\n"), max_size=2))
@example("\na中", ["a", "\na中"])
def test_streamed_pieces_are_the_text_up_to_the_stop_that_is_complete_first(text: str, stop: list[str]) -> None:
    stream = TextStream(TINY, stop)
    pieces = [stream.feed([token]) for token in TINY.encode(text)]
    pieces.append(stream.finish())
    ends = [(place + len(word), place) for word in stop if (place := text.find(word)) >= 0]
    whole = "".join(pieces)
    assert whole == (text[: min(ends)[1]] if ends else text)
    assert stream.stopped == bool(ends)


def test_half_a_character_is_held_back(tokenizer: Tokenizer) -> None:
    first, *rest = "🙂".encode()
    stream = TextStream(tokenizer)
    table = list(tokenizer.token_bytes)
    assert stream.feed([table.index(bytes([first]))]) == ""
    assert stream.feed([table.index(bytes([byte])) for byte in rest]) == "🙂"
