"""Can a recogniser write down what the voices say? `python -m benchmarks.intelligibility [--voice V …] [--lines 100]`.

Whisper base has errors of its own, so the figures compare voices with one another more than with perfection. Chinese
is counted in characters and in syllables without tones: homophones and traditional characters are no error of a voice.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import soundfile
from pypinyin import lazy_pinyin

from app.settings import Settings
from app.shows.cast import VOICES
from app.supply import voice_files_dir
from avatar.kokoro import Kokoro
from avatar.speech import SAMPLE_RATE, Sound, Voice
from avatar.spoken import spoken
from benchmarks.hearing_env import CannotHear, hearing_env
from benchmarks.speech_lines import sentences

HEARING = Path(__file__).with_name("hearing.py")


def main() -> int:
    """Speak, hear, count and print a row a voice; 1 when there is no recogniser."""
    parser = argparse.ArgumentParser(description="Errors of a recogniser on every voice.")
    parser.add_argument("--voice", action="append", default=[])
    parser.add_argument("--lines", type=int, default=100)
    parser.add_argument("--out", type=Path)
    wanted = parser.parse_args()
    settings = Settings()
    try:
        python, model = hearing_env(settings.cache_dir)
    except CannotHear as problem:
        print(f"bench: {problem}", file=sys.stderr)
        return 1
    kokoro = Kokoro(voice_files_dir(settings), threads=settings.threads)
    rows = []
    for lang, names in VOICES.items():
        for name in names:
            if name in (wanted.voice or names):
                rows.append(_heard(kokoro, python, model, lang, name, sentences(lang, wanted.lines)))
                print(json.dumps(rows[-1], ensure_ascii=False), flush=True)
    if wanted.out:
        wanted.out.write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")
    return 0


def _heard(
    kokoro: Kokoro, python: Path, model: Path, lang: str, name: str, texts: Sequence[str]
) -> dict[str, str | int | float]:
    with tempfile.TemporaryDirectory(prefix="zhubo-hearing-") as folder:
        for number, text in enumerate(texts):
            said = kokoro.speak_now(spoken(text, lang), Voice(name=name), lambda: False)
            pcm = b"".join(part.pcm for part in said if isinstance(part, Sound))
            soundfile.write(Path(folder) / f"{number:03}.wav", np.frombuffer(pcm, "<i2"), SAMPLE_RATE)
        argv = [str(python), str(HEARING), str(model), folder, lang]
        heard = json.loads(subprocess.run(argv, capture_output=True, text=True, check=True).stdout)
    pairs = [(units(text, lang), units(heard[f"{number:03}"], lang)) for number, text in enumerate(texts)]
    row: dict[str, str | int | float] = {"voice": name, "sentences": len(texts), "cer": _rate(pairs)}
    if lang == "zh":
        row["syllable_errors"] = _rate([(lazy_pinyin("".join(a)), lazy_pinyin("".join(b))) for a, b in pairs])
    return row


def units(text: str, lang: str) -> list[str]:
    """The characters that count: figures as they are spoken, no marks, no case."""
    return re.findall(r"[\u3400-\u9fffa-z]", spoken(text, lang).spoken.lower())


def _rate(pairs: Sequence[tuple[Sequence[str], Sequence[str]]]) -> float:
    """Insertions, deletions and substitutions over the length of what was said."""
    return round(sum(distance(said, heard) for said, heard in pairs) / sum(len(said) for said, _ in pairs), 4)


def distance(said: Sequence[str], heard: Sequence[str]) -> int:
    """Levenshtein's distance."""
    row = list(range(len(heard) + 1))
    for i, one in enumerate(said, 1):
        before, row[0] = row[0], i
        for j, other in enumerate(heard, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (one != other))
    return row[-1]


if __name__ == "__main__":
    raise SystemExit(main())
