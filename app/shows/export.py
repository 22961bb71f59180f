"""A script to take away: Markdown for people, SubRip for players (pure)."""

import re
from collections.abc import Mapping, Sequence

from app.live.programme import sentences
from app.shows.script_lines import BlockWords
from scripts_gen.rundown import spoken_seconds

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|])")


def markdown(title: str, blocks: Sequence[BlockWords], words: Mapping[str, str]) -> str:
    """The whole script; what the merchant typed stays text, whatever marks are in it."""
    parts = [f"# {_plain(title)}"]
    for number, block in enumerate(blocks, start=1):
        parts.append(f"## {number}. {_plain(block.product.title)}")
        for line in block.lines:
            state = words["line_approved" if line.spoken else "line_open"]
            parts.append(f"**{words[f'segment_{line.kind}']}** ({state})  \n{_plain(line.verdict.shown)}")
    return "\n\n".join(parts) + "\n"


def subtitles(blocks: Sequence[BlockWords], lang: str, pace: float | None, *, label: str) -> str:
    """The sentences one after another as SubRip, timed by the voice's pace; the first cue says that an AI speaks."""
    cues: list[tuple[float, float, str]] = [(0.0, 3.0, label)]
    clock = 3.0
    for block in blocks:
        for line in block.lines:
            for sentence in sentences(line.verdict.shown, lang):
                length = spoken_seconds(sentence, lang, pace)
                cues.append((clock, clock + length, sentence))
                clock += length
    return "".join(
        f"{number}\n{_moment(start)} --> {_moment(end)}\n{' '.join(text.split()).replace('-->', '→')}\n\n"
        for number, (start, end, text) in enumerate(cues, start=1)
    )


def _plain(text: str) -> str:
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))


def _moment(seconds: float) -> str:
    milliseconds = round(seconds * 1000)
    hours, rest = divmod(milliseconds, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    return f"{hours:02d}:{minutes:02d}:{rest // 1000:02d},{rest % 1000:03d}"
