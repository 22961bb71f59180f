"""A spoken line, Chinese and English mixed, as a row of soundings: symbols of the voice and their place in the line."""

import re
from dataclasses import dataclass
from pathlib import Path

from avatar import phones_zh
from avatar.phones_en import English, begins_with_vowel

# Token ids of Kokoro-82M v1.0 (its published vocabulary).
TOKEN_IDS: dict[str, int] = {
    ";": 1, ":": 2, ",": 3, ".": 4, "!": 5, "?": 6, "—": 9, "…": 10, '"': 11, "(": 12, ")": 13, "“": 14, "”": 15,
    " ": 16,
    "\u0303": 17, "ʣ": 18, "ʥ": 19, "ʦ": 20, "ʨ": 21, "ᵝ": 22, "ꭧ": 23, "A": 24, "I": 25, "O": 31, "Q": 33, "S": 35,
    "T": 36,
    "W": 39, "Y": 41, "ᵊ": 42, "a": 43, "b": 44, "c": 45, "d": 46, "e": 47, "f": 48, "h": 50, "i": 51, "j": 52, "k": 53,
    "l": 54, "m": 55, "n": 56, "o": 57, "p": 58, "q": 59, "r": 60, "s": 61, "t": 62, "u": 63, "v": 64, "w": 65, "x": 66,
    "y": 67, "z": 68, "ɑ": 69, "ɐ": 70, "ɒ": 71, "æ": 72, "β": 75, "ɔ": 76, "ɕ": 77, "ç": 78, "ɖ": 80, "ð": 81, "ʤ": 82,
    "ə": 83, "ɚ": 85, "ɛ": 86, "ɜ": 87, "ɟ": 90, "ɡ": 92, "ɥ": 99, "ɨ": 101, "ɪ": 102, "ʝ": 103, "ɯ": 110, "ɰ": 111,
    "ŋ": 112,
    "ɳ": 113, "ɲ": 114, "ɴ": 115, "ø": 116, "ɸ": 118, "θ": 119, "œ": 120, "ɹ": 123, "ɾ": 125, "ɻ": 126, "ʁ": 128,
    "ɽ": 129,
    "ʂ": 130, "ʃ": 131, "ʈ": 132, "ʧ": 133, "ʊ": 135, "ʋ": 136, "ʌ": 138, "ɣ": 139, "ɤ": 140, "χ": 142, "ʎ": 143,
    "ʒ": 147,
    "ʔ": 148, "ˈ": 156, "ˌ": 157, "ː": 158, "ʰ": 162, "ʲ": 164, "↓": 169, "→": 171, "↗": 172, "↘": 173, "ᵻ": 177,
}  # fmt: skip

_PAUSES = {
    "，": ",", "、": ",", "。": ".", "！": "!", "？": "?", "：": ":", "；": ";", "…": "…", "—": "—",
    "“": "“", "”": "”", "（": "(", "）": ")", "《": "“", "》": "”",
}  # fmt: skip
_PIECES = re.compile(r"[\u3400-\u9fff]+|[A-Za-z]+(?:['’][A-Za-z]+)*|\s+|.")
SENTENCE_ENDS = frozenset(".!?…")
CLAUSE_ENDS = frozenset(",;:—")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sounding:
    """`symbols` say `spoken[start:end]`; a pause mark or the gap between words has `word` False."""

    symbols: str
    start: int
    end: int
    word: bool = True


class FrontEnd:
    """Text → soundings. Holds the English lexicon; Chinese needs none of ours."""

    def __init__(self, voice_directory: Path) -> None:
        self._english = English(voice_directory / "english")

    def soundings(self, spoken: str) -> list[Sounding]:
        """All that is said of `spoken`, left to right."""
        row: list[Sounding] = []
        pieces = list(_PIECES.finditer(spoken))
        for index, piece in enumerate(pieces):
            text, place = piece[0], piece.start()
            if text[0].isspace():
                _gap(row, place)
            elif "\u3400" <= text[0] <= "\u9fff":
                for word, symbols in phones_zh.phones(text):
                    _gap(row, place)
                    if symbols:
                        row.append(Sounding(symbols=symbols, start=place, end=place + len(word)))
                    place += len(word)
            elif text[0].isascii() and text[0].isalpha():
                _gap(row, place)
                following = next((p[0] for p in pieces[index + 1 :] if p[0][0].isalpha()), "")
                vowel = bool(following) and following[0].isascii() and begins_with_vowel(self._english.word(following))
                symbols = self._english.word(text, before_vowel=vowel)
                if symbols:
                    row.append(Sounding(symbols=symbols, start=place, end=piece.end()))
            else:
                mark = _PAUSES.get(text, text)
                if mark in TOKEN_IDS and not mark.isalpha() and (row or mark in "“("):
                    if row and row[-1].symbols == " ":
                        row.pop()
                    if row and row[-1].symbols in SENTENCE_ENDS | CLAUSE_ENDS and mark in SENTENCE_ENDS | CLAUSE_ENDS:
                        continue  # "……" and "！！" are one pause
                    row.append(Sounding(symbols=mark, start=place, end=piece.end(), word=False))
        while row and row[-1].symbols == " ":
            row.pop()
        return row


def _gap(row: list[Sounding], place: int) -> None:
    """A space between two words, once, and not behind an opening bracket."""
    if row and row[-1].symbols not in (" ", "“", "("):
        row.append(Sounding(symbols=" ", start=place, end=place, word=False))
