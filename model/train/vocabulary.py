"""Chooses the tokens that are kept: `python -m model.train.vocabulary DONOR.gguf TEXT_FOLDER… [--size 40000]`.

Control tokens, all bytes, the common hanzi as far as the donor has them whole, then the most frequent tokens of the
text, each with the parts that it is merged from. Prints how much longer the same text becomes (limit: 5 % more tokens).
"""

import argparse
import itertools
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import gguf

from model import vocabulary
from model.convert import tokenizer_of
from model.tokenizer import byte_letters

_PIECE = 4000  # characters encoded at a time
_MOST = 8_000_000  # characters of one folder
_TEXT = {".txt", ".json", ".jsonl", ".csv", ".tsv", ".md"}
_HELD_BACK = 20  # every so many pieces measure and do not choose
_COMMON = range(0x4E00, 0x9FA6)  # every hanzi that the donor holds whole in the basic block


def texts(folders: Iterable[Path]) -> Iterator[str]:
    """Pieces of every readable text file."""
    for folder in folders:
        seen = 0
        for file in sorted(path for path in folder.rglob("*") if path.suffix.lower() in _TEXT):
            with file.open(encoding="utf-8", errors="ignore") as text:
                while seen < _MOST and (piece := text.read(_PIECE)):
                    seen += len(piece)
                    yield piece


def chosen(tokens: Sequence[str], merges: Sequence[tuple[str, str]], counts: Mapping[int, int], size: int) -> set[int]:
    """Ids kept: the needed ones, then by frequency until `size`; parts of a kept token are kept."""
    ids = {token: place for place, token in enumerate(tokens)}
    parts: dict[str, tuple[str, str]] = {}
    for left, right in merges:
        parts.setdefault(left + right, (left, right))

    def closed(token: str) -> set[int]:
        found, open_ = set(), [token]
        while open_:
            each = open_.pop()
            found.add(ids[each])
            open_ += parts.get(each, ())
        return found

    letters = {byte: letter for letter, byte in byte_letters().items()}
    needed = [token for token in tokens if len(token) == 1 or token.startswith("<|")]
    needed += [whole for hanzi in _COMMON if (whole := "".join(letters[b] for b in chr(hanzi).encode())) in ids]
    kept: set[int] = set()
    frequent = (tokens[token] for token, _ in Counter(counts).most_common())
    for place, token in enumerate(itertools.chain(needed, frequent)):
        more = closed(token)
        if place >= len(needed) and len(kept | more) > size:
            break
        kept |= more
    return kept


def main() -> None:
    """Entry point of `python -m model.train.vocabulary`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("donor", type=Path)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--size", type=int, default=40_000)
    wanted = parser.parse_args()
    tokens, merges, whole = tokenizer_of(gguf.GGUFReader(wanted.donor), pruned=False)
    counts: Counter[int] = Counter()
    held: list[str] = []
    for place, piece in enumerate(texts(wanted.folders)):
        if place % _HELD_BACK == 0:
            held.append(piece)
        else:
            counts.update(whole.encode(piece))
    kept = chosen(tokens, merges, counts, wanted.size)
    vocabulary.save(tokens, kept)
    made = vocabulary.selection(tokens)
    small = tokenizer_of(gguf.GGUFReader(wanted.donor), pruned=True)[2]
    before, after = (sum(len(each.encode(piece)) for piece in held) for each in (whole, small))
    told = {"kept": 0 if made is None else len(made.rows), "of": len(tokens), "read": sum(counts.values())}
    print(json.dumps(told | {"held_back": before, "then": after, "longer": round(after / before - 1, 4)}))


if __name__ == "__main__":
    main()
