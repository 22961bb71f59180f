"""Times of a sounding line: stretches, silences, the rest of the mouth, words of the caption."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from avatar.line import Line
from avatar.phones import CLAUSE_ENDS, SENTENCE_ENDS, TOKEN_IDS, Sounding
from avatar.speech import SAMPLE_RATE, Word

MAX_TOKENS = 500  # the model takes 510; a margin for the two ends
STRETCH_TOKENS = 60  # a sentence end after this many tokens starts a new stretch, so sound starts early
LEAD = 0.04  # seconds of silence kept before the first sound; the model itself gives about 0.4
TAIL = {  # seconds kept at the end, by the mark there
    ".": 0.30,
    "!": 0.30,
    "?": 0.30,
    "…": 0.30,
    ",": 0.14,
    ";": 0.18,
    ":": 0.16,
    "—": 0.16,
}
BARE_TAIL = 0.08  # seconds kept after a line that ends without a mark
MOUTH_AHEAD = 0.06  # the mouth closes this much before a pause
REST = 0.10  # seconds; a shorter gap does not close the mouth
HUSH = 0.12  # seconds; shorter silences are the closures of p, t, k
SILENCE = 0.003  # of full scale before levelling; the model's own floor is below 0.001
FLOOR = 0.012  # of the stretch's peak: softer than this is breath, not speech

Samples = npt.NDArray[np.float32]
Span = tuple[float, float]
TimedPhone = tuple[str, float, float]  # symbol, start, end in seconds


@dataclass(frozen=True, slots=True)
class Stretch:
    """Soundings synthesised in one run."""

    soundings: tuple[Sounding, ...]

    @property
    def tokens(self) -> list[int]:
        return [TOKEN_IDS[s] for sounding in self.soundings for s in sounding.symbols]


def stretches(soundings: list[Sounding]) -> list[Stretch]:
    """Soundings in runs the model can take, cut at sentence ends, else at clause ends, else between words."""
    if not any(s.word for s in soundings):
        return []
    runs: list[Stretch] = []
    run: list[Sounding] = []

    def size(row: list[Sounding]) -> int:
        return sum(len(s.symbols) for s in row)

    def close(row: list[Sounding]) -> None:
        while row and row[0].symbols == " ":
            row = row[1:]
        if any(s.word for s in row):
            runs.append(Stretch(tuple(row)))

    for sounding in soundings:
        if size(run) + len(sounding.symbols) > MAX_TOKENS:
            cut = max((i for i, s in enumerate(run) if s.symbols in CLAUSE_ENDS | SENTENCE_ENDS), default=-1)
            if cut < 0:
                cut = max((i for i, s in enumerate(run) if s.symbols == " "), default=len(run) - 1)
            close(run[: cut + 1])
            run = run[cut + 1 :]
        run.append(sounding)
        if sounding.symbols in SENTENCE_ENDS and size(run) >= STRETCH_TOKENS:
            close(run)
            run = []
    close(run)
    return runs


def hushes(audio: Samples) -> list[Span]:
    """Silences of at least HUSH seconds, always one at the front and one at the end (maybe empty)."""
    frame = SAMPLE_RATE // 100
    count = len(audio) // frame
    level = np.sqrt(np.mean(audio[: count * frame].reshape(count, frame) ** 2, axis=1))
    loud = np.flatnonzero(level > max(SILENCE, FLOOR * float(np.abs(audio).max(initial=0.0))))
    if not len(loud):
        return [(0.0, 0.0), (len(audio) / SAMPLE_RATE, len(audio) / SAMPLE_RATE)]
    gaps = np.flatnonzero(np.diff(loud) > HUSH * 100)
    inner = [((int(loud[i]) + 1) / 100, int(loud[i + 1]) / 100) for i in gaps]
    return [(0.0, int(loud[0]) / 100), *inner, ((int(loud[-1]) + 1) / 100, len(audio) / SAMPLE_RATE)]


def kept_part(quiet: list[Span], ending: str, total: int) -> tuple[int, int]:
    """First and last sample to keep: LEAD before the first speech, the tail of the ending mark after the last."""
    first = max(0, int((quiet[0][1] - LEAD) * SAMPLE_RATE))
    return first, min(total, int((quiet[-1][0] + TAIL.get(ending, BARE_TAIL)) * SAMPLE_RATE))


def hushed(phones: list[TimedPhone], quiet: list[Span]) -> list[TimedPhone]:
    """Phones cut where nothing sounds: the model gives the silence of a pause to the vowel before it."""
    row = phones
    for a, b in quiet:
        if b - a < HUSH:
            continue
        cut: list[TimedPhone] = []
        for symbol, start, end in row:
            low, high = max(start, a), min(end, b)
            if symbol == "sil" or high <= low:
                cut.append((symbol, start, end))
                continue
            cut += [(symbol, start, low), ("sil", low, high), (symbol, high, end)]
        row = [(symbol, start, end) for symbol, start, end in cut if end - start > 0.001]
    return row


def heard(spans: list[Span], quiet: list[Span]) -> list[Span]:
    """Spans of words that end where their sound ends."""
    pauses = [(a, b) for a, b in quiet if b - a >= HUSH]
    return [(start, min([end, *(a for a, _ in pauses if start < a < end)])) for start, end in spans]


def rested(phones: list[TimedPhone]) -> list[TimedPhone]:
    """Neighbouring pauses become one; short ones belong to the phone before; the mouth closes early for long ones."""
    row: list[TimedPhone] = []
    for symbol, start, end in phones:
        if row and symbol == "sil" and row[-1][0] == "sil":
            row[-1] = ("sil", row[-1][1], end)
        else:
            row.append((symbol, start, end))
    rested: list[TimedPhone] = []
    for symbol, start, end in row:
        if end <= start:
            continue
        if symbol != "sil" or not rested:
            rested.append((symbol, start, end))
            continue
        before, began, _ = rested[-1]
        if end - start < REST:
            rested[-1] = (before, began, end)
            continue
        close = max(start - MOUTH_AHEAD, began + 0.02)
        rested[-1] = (before, began, min(close, start))
        rested.append(("sil", min(close, start), end))
    return rested


def caption_words(line: Line, stretch: Stretch, spans: list[Span], clock: float) -> Iterator[Word]:
    """Words of the written line with their times; spoken words that read one written piece become one."""
    waiting: Word | None = None
    for sounding, (start, end) in zip(stretch.soundings, spans, strict=True):
        if not sounding.word:
            continue
        first, last = written_span(line, sounding.start, sounding.end)
        if last <= first:
            continue
        if waiting and first < waiting.last:
            first, last = waiting.first, max(last, waiting.last)
            waiting = Word(text=line.written[first:last], first=first, last=last, start=waiting.start, end=clock + end)
            continue
        if waiting:
            yield waiting
        waiting = Word(text=line.written[first:last], first=first, last=last, start=clock + start, end=clock + end)
    if waiting:
        yield waiting


def written_span(line: Line, start: int, end: int) -> tuple[int, int]:
    """The part of `written` that `spoken[start:end]` reads; letter by letter where both are the same."""
    first, last = len(line.written), 0
    for link in line.links:
        if link.spoken_end <= start or link.spoken_start >= end:
            continue
        low, high = link.written_start, link.written_end
        if line.written[low:high] == line.spoken[link.spoken_start : link.spoken_end]:
            low, high = low + max(0, start - link.spoken_start), high - max(0, link.spoken_end - end)
        first, last = min(first, low), max(last, high)
    return first, last


def int16(samples: Samples) -> bytes:
    """Little-endian int16."""
    return (np.clip(samples, -1, 1) * 32767).round().astype("<i2").tobytes()
