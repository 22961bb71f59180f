"""A written sentence in clause-sized pieces, so that the first words sound early and no gap follows."""

import math
import re

from avatar.phones_zh import words
from avatar.spoken import spoken

FIRST = 10  # syllables of the first clause where a comma allows; about 1.7 s of sound
LONGEST = 14  # syllables of any clause; about 2.5 s, what a priority line may have to wait for
AMPLE = 22  # syllables of a clause made ahead; about 4 s. Each clip costs 0.4 s of unheard lead-in: fewer, longer
# clips take a fifth off the voice's work (measured: 0.85 against 1.05 s of one core a second of sound)
GROWTH = 1.5  # a clause at most this times the one before: the voice makes it while that one sounds
SHORTEST = 4  # syllables; a shorter piece joins its neighbour when there is room

_END = re.compile(r"(?:[，。！？；：、…—!?\n]+[”」』）)]*|[,;:.](?=[\s\u3400-\u9fff]|$))\s*")
_HAN = r"\u3400-\u9fff"
_SIGNED = r"[A-Za-z0-9¥￥$€£#+\-–~.,:：%％℃°×*/]"
_WHOLE = re.compile(
    rf"{_SIGNED}*[A-Za-z0-9]{_SIGNED}*|[零〇一二三四五六七八九十百千万亿两点幺]{{2,}}"
)  # never cut inside
_LEANING = frozenset("的了吗呢吧啊呀哦们着过地得个")  # never begin a piece


def syllables(text: str, lang: str) -> float:
    """About how many syllables `text` has when spoken."""
    said = spoken(text, lang).spoken
    han = len(re.findall(rf"[{_HAN}]", said))
    letters = len(re.findall(r"\b[A-Z]{1,5}\b", said))
    latin = sum(max(1, len(re.findall(r"[aeiouy]+", word.lower()))) for word in re.findall(r"[A-Za-z']+", said))
    return han + letters + latin


def clauses(text: str, lang: str, *, ample: bool = False) -> list[str]:
    """`text` cut left to right; the pieces joined give `text` again but for the spaces at the cuts.

    Cuts are at punctuation first (never inside a number), then between words where a piece is over LONGEST.
    `ample` is for lines that are made well ahead: pieces of up to AMPLE syllables, the first one too.
    """
    first, longest = (AMPLE, AMPLE) if ample else (FIRST, LONGEST)
    limit: float = first
    row: list[str] = []
    open_piece = ""
    for piece in _pieces(text):
        joined = open_piece + piece
        room = limit if row or open_piece else first
        if open_piece and syllables(joined, lang) <= room and not _ends_sentence(open_piece):
            open_piece = joined
            continue
        if open_piece and syllables(open_piece, lang) < SHORTEST and syllables(joined, lang) <= longest:
            open_piece = joined
            continue
        if open_piece:
            row.append(open_piece)
            limit = _next_limit(open_piece, lang, first, longest)
        open_piece = piece
        while syllables(open_piece, lang) > max(limit, longest if row else first + 2):
            head, open_piece = _halved(open_piece, max(limit, first), lang)
            if not open_piece:
                open_piece = head
                break
            row.append(head)
            limit = _next_limit(head, lang, first, longest)
    if open_piece:
        row.append(open_piece)
    return [clause.strip() for clause in row if clause.strip()]


def _next_limit(clause: str, lang: str, first: float, longest: float) -> float:
    return min(longest, max(first, GROWTH * syllables(clause, lang)))


def _ends_sentence(piece: str) -> bool:
    return piece.rstrip()[-1:] in "。！？!?…\n"


def _pieces(text: str) -> list[str]:
    """Text cut behind every punctuation mark that is not part of a number."""
    cut, place = [], 0
    for end in _END.finditer(text):
        mark, after = end[0].strip(), text[end.end() : end.end() + 1]
        inside = mark in (":", "：", ",", "，") and text[end.start() - 1 : end.start()].isdigit() and after.isdigit()
        if inside and end[0] == mark and mark != "，":
            continue
        cut.append(text[place : end.end()])
        place = end.end()
    return [piece for piece in [*cut, text[place:]] if piece]


def _halved(piece: str, limit: float, lang: str) -> tuple[str, str]:
    """A beginning of at most `limit` syllables that ends between words, and the rest (maybe empty), alike in size."""
    total = syllables(piece, lang)
    wanted = total / math.ceil(total / limit)
    best, distance = 0, total
    for border in _word_borders(piece):
        size = syllables(piece[:border], lang)
        if size < SHORTEST - 1 or size > limit or total - size < SHORTEST - 1:
            continue
        if abs(size - wanted) < distance:
            best, distance = border, abs(size - wanted)
    return (piece[:best], piece[best:]) if best else (piece, "")


def _word_borders(piece: str) -> list[int]:
    """Places between words: not inside numbers or English words, not before a counter or a light word."""
    kept = [(whole.start(), whole.end()) for whole in _WHOLE.finditer(piece)]
    found, place = [], 0
    for word in words(piece):
        place += len(word)
        after = piece[place : place + 1]
        counter = bool(re.match(rf"[{_HAN}]", after))
        if any(start < place < end or (place == end and counter) for start, end in kept):
            continue
        if after not in _LEANING and (after.isalnum() or after.isspace() or after in "¥￥$€£"):
            found.append(place)
    return found
