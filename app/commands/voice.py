"""`zhubo spoken` and `zhubo say`: how a text is read, and its sound with the timeline of the mouth."""

import json
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from avatar.kokoro import Kokoro
from avatar.speech import SAMPLE_RATE, Phone, Sound, Voice, Word
from avatar.spoken import spoken
from avatar.visemes import visemes

LANGUAGES = ("zh", "en")
HOUSE_VOICES = {"zh": "zf_xiaoxiao", "en": "af_heart"}  # who speaks when nobody is named


def spoken_command(text: str | None, jsonl: Path | None, out: Path | None, as_json: bool) -> int:
    """Print or write spoken forms; of `jsonl` one row a line, where a bad row becomes `{id, error}`."""
    if (text is None) == (jsonl is None):
        print("expected either a TEXT or --jsonl IN", file=sys.stderr)
        return 2
    if text is not None:
        answer = _read({"id": None, "text": text})
        rows = [json.dumps(answer, ensure_ascii=False) if as_json else str(answer["spoken"])]
    else:
        try:
            rows = [json.dumps(row, ensure_ascii=False) for row in _answers(jsonl or Path())]
        except (OSError, UnicodeDecodeError) as unreadable:
            print(f"expected a UTF-8 file of JSON lines: {unreadable}", file=sys.stderr)
            return 1
    content = "".join(row + "\n" for row in rows)
    if out is None:
        sys.stdout.write(content)
    else:
        out.write_text(content, encoding="utf-8")
        print(f"{len(rows)} rows → {out}", file=sys.stderr)
    return 0


def _answers(path: Path) -> Iterator[Mapping[str, Any]]:
    """An answer for every line that is not blank, in order."""
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").split("\n"), 1):
        if not line.strip():
            continue
        row: Any = None
        try:
            row = json.loads(line)
            yield _read(row)
        except (ValueError, TypeError, RecursionError) as wrong:
            yield {"id": row.get("id") if isinstance(row, dict) else None, "error": f"line {number}: {wrong}"}


def _read(row: Any) -> dict[str, Any]:
    """One row's answer. Raises TypeError or ValueError saying what was wanted and found."""
    if not isinstance(row, dict):
        raise TypeError(f"expected an object with id and text, found {type(row).__name__}")
    text, lang = row.get("text"), row.get("lang")
    if not isinstance(text, str):
        raise TypeError(f"expected text to be a string, found {type(text).__name__}")
    if lang is not None and lang not in LANGUAGES:
        raise ValueError(f"expected lang to be one of {', '.join(LANGUAGES)}, found {lang!r}")
    return {"id": row.get("id"), "text": text, "spoken": spoken(text, lang).spoken}


def say_command(text: str, voice: str | None, out: Path, timeline: Path | None, voice_dir: Path) -> int:
    """Speak `text` into the WAV file `out` (24 kHz mono), and its timeline as JSON; 1 when it cannot be done."""
    line = spoken(text)
    try:
        began = time.perf_counter()
        engine = Kokoro(voice_dir)
        print(f"voice ready in {time.perf_counter() - began:.1f} s", file=sys.stderr)
        began = time.perf_counter()
        said = list(engine.speak_now(line, Voice(name=voice or HOUSE_VOICES[line.lang]), lambda: False))
    except OSError as missing:
        print(missing, file=sys.stderr)
        return 1
    milliseconds = (time.perf_counter() - began) * 1000
    pcm = b"".join(u.pcm for u in said if isinstance(u, Sound))
    if not pcm:
        print(f"expected words to say, found {text!r}", file=sys.stderr)
        return 1
    seconds = len(pcm) / 2 / SAMPLE_RATE
    phones = [u for u in said if isinstance(u, Phone)]
    track = {
        "phones": [[p.symbol, round(p.start, 3), round(p.end, 3)] for p in phones],
        "visemes": [[n, round(a, 3), round(b, 3), round(w, 2)] for n, a, b, w in visemes(phones)],
        "words": [[u.text, round(u.start, 3), round(u.end, 3)] for u in said if isinstance(u, Word)],
        "audio_seconds": round(seconds, 3),
        "ms": round(milliseconds, 1),
    }
    try:
        soundfile.write(out, np.frombuffer(pcm, "<i2"), SAMPLE_RATE, format="WAV", subtype="PCM_16")
        if timeline:
            timeline.write_text(json.dumps(track, ensure_ascii=False) + "\n", encoding="utf-8")
    except (OSError, soundfile.LibsndfileError) as unwritable:
        print(f"expected to write {out}: {unwritable}", file=sys.stderr)
        return 1
    print(f"{out}: {seconds:.2f} s of sound made in {milliseconds / 1000:.2f} s")
    return 0
