"""The voice measured: how soon and how fast, how loud, how clean at the joints, and whether the mouth is in step.

`./zhubo bench speech` runs it. The clauses are asked of a voice process as the studio asks; with `--room` also of the
voice process of a studio that has a rehearsal on air, as an urgent answer. Figures of time mean something only on a
quiet machine; the load is in the table.
"""

import argparse
import asyncio
import json
import os
import platform
import sys
import tempfile
import time
from contextlib import aclosing
from pathlib import Path
from typing import Any

import numpy as np

from app.commands.stage_hand import Child, free_port
from app.engines import voice_argv
from app.settings import Settings
from app.shows.cast import VOICES
from app.workers import Worker
from avatar.client import EmbeddedVoice
from avatar.clips import make_clip
from avatar.loudness import TARGET, loudness
from avatar.speech import SAMPLE_RATE, Sound, Voice
from avatar.spoken import spoken
from benchmarks.lipsync import MET, energy, likeness, lips, offset_ms, opening
from benchmarks.speech_lines import CLAUSES, sentences

Json = dict[str, Any]
URGENT = 1  # priority of an answer
READY_WITHIN = 120.0  # seconds
SETTLED = 12.0  # seconds a rehearsal has been on air before it is disturbed
BREATH = 1.5  # seconds between two clauses asked beside a room: it makes its own in between


def main() -> int:
    """Measure, print and write; 0 unless a voice is away."""
    parser = argparse.ArgumentParser(description="The voice of this machine.")
    parser.add_argument("--voice", action="append", default=[], help="only these voices (default: all of the house)")
    parser.add_argument("--lines", type=int, default=20, help="sentences a voice, at most 100")
    parser.add_argument("--rounds", type=int, default=3, help="times every clause is asked; the middle one counts")
    parser.add_argument("--room", action="store_true", help="also beside a studio with a rehearsal on air")
    parser.add_argument("--out", type=Path, help="write the table here and its figures as JSON beside it")
    parser.add_argument("--json", action="store_true")
    wanted = parser.parse_args()
    chosen = [(lang, name) for lang, names in VOICES.items() for name in names if name in (wanted.voice or names)]
    if not chosen or not 1 <= wanted.lines <= 100 or wanted.rounds < 1:
        print("bench: wanted voices of the house, 1 to 100 lines and at least one round", file=sys.stderr)
        return 2
    try:
        figures = asyncio.run(_measured(chosen, wanted.lines, wanted.rounds, beside_room=wanted.room))
    except OSError as away:
        print(f"bench: {away}", file=sys.stderr)
        return 1
    table = printed(figures)
    print(json.dumps(figures, ensure_ascii=False) if wanted.json else table)
    if wanted.out:
        wanted.out.write_text(table, encoding="utf-8")
        wanted.out.with_suffix(".json").write_text(json.dumps(figures, ensure_ascii=False, indent=1), encoding="utf-8")
    return 0


async def _measured(chosen: list[tuple[str, str]], lines: int, rounds: int, *, beside_room: bool) -> Json:
    settings = Settings()
    figures: Json = {
        "machine": platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "threads": settings.threads,
        "rounds": rounds,
        "load_before": round(os.getloadavg()[0], 2),
    }
    with tempfile.TemporaryDirectory(prefix="zhubo-bench-") as folder:
        address = Path(folder) / "voice"
        worker = Worker("voice", voice_argv(settings, address), on_change=lambda *_: None)
        running = asyncio.create_task(worker.run(), name="bench:voice")
        try:
            if not await worker.ready(READY_WITHIN):
                raise OSError(f"voice: wanted an answer within {READY_WITHIN:.0f} s, found none")
            engine = EmbeddedVoice(address)
            figures["idle"] = await _clauses(engine, chosen, rounds, breath=0.0)
            figures["voices"] = [await _voice(engine, lang, name, lines) for lang, name in chosen]
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
    if beside_room:
        figures["room"] = await _in_a_room(chosen, rounds)
    kept = [voice for voice in figures["voices"] if voice["lines"]]
    figures["lips"] = _lips_of(kept)
    for voice in kept:
        del voice["likeness"]
    return figures


async def _clauses(engine: EmbeddedVoice, chosen: list[tuple[str, str]], rounds: int, *, breath: float) -> list[Json]:
    """Every clause of CLAUSES in the first chosen voice of its language."""
    first = dict(reversed(chosen))
    rows: list[Json] = []
    for lang, name in sorted(first.items(), reverse=True):
        for kind, text in CLAUSES[lang].items():
            tries = []
            for _ in range(rounds):
                tries.append(await _timed(engine, text, lang, name))
                await asyncio.sleep(breath)
            first_sound, whole, seconds = sorted(tries)[len(tries) // 2]
            rows.append(
                {
                    "lang": lang,
                    "clause": kind,
                    "seconds": round(seconds, 2),
                    "first_sound_s": round(first_sound, 2),
                    "slowest_s": round(max(row[0] for row in tries), 2),
                    "real_time_factor": round(whole / seconds, 2) if seconds else None,
                }
            )
    return rows


async def _timed(engine: EmbeddedVoice, text: str, lang: str, voice: str) -> tuple[float, float, float]:
    """Seconds to the first sound, to the end, and of sound."""
    began = time.perf_counter()
    first, heard = 0.0, 0
    async with aclosing(engine.speak(spoken(text, lang), Voice(name=voice), priority=URGENT)) as utterances:
        async for utterance in utterances:
            if isinstance(utterance, Sound):
                first = first or time.perf_counter() - began
                heard += len(utterance.pcm)
    return first, time.perf_counter() - began, heard / 2 / SAMPLE_RATE


async def _voice(engine: EmbeddedVoice, lang: str, name: str, lines: int) -> Json:
    """One voice over ordinary sentences: loudness, ends of its clips, mouth."""
    levels: list[float] = []
    ends: list[float] = []
    found: list[Any] = []
    met = labials = 0
    characters = seconds = 0.0
    for text in sentences(lang, lines):
        clip = await make_clip(engine, spoken(text, lang), Voice(name=name))
        samples = np.frombuffer(clip.pcm, "<i2").astype(np.float32) / np.float32(32768)
        levels.append(loudness(samples, SAMPLE_RATE))
        ends += [abs(float(samples[0])), abs(float(samples[-1]))]
        found.append(likeness(opening(clip.visemes, clip.seconds), energy(samples)))
        openings = lips(clip.phones, clip.visemes)
        labials += len(openings)
        met += sum(size < MET for size in openings)
        characters, seconds = characters + len(text), seconds + clip.seconds
    return {
        "voice": name,
        "lang": lang,
        "lines": lines,
        "lufs": [round(min(levels), 2), round(float(np.mean(levels)), 2), round(max(levels), 2)],
        "within_1_lu": sum(abs(level - TARGET) <= 1 for level in levels),
        "loudest_joint_dbfs": round(20 * float(np.log10(2 * max(ends) + 1e-6)), 1),
        "characters_a_second": round(characters / seconds, 2),
        "mouth_late_ms": round(offset_ms(found), 1),
        "labials": labials,
        "lips_met": met,
        "likeness": found,
    }


def _lips_of(voices: list[Json]) -> Json:
    """All voices together: the offset over every sentence, and the labials."""
    every = [row for voice in voices for row in voice["likeness"]]
    labials, met = sum(voice["labials"] for voice in voices), sum(voice["lips_met"] for voice in voices)
    return {
        "sentences": len(every),
        "mouth_late_ms": round(offset_ms(every), 1),
        "likeness": round(float(np.max(np.mean(every, axis=0))), 2),
        "labials": labials,
        "lips_met_share": round(met / labials, 4) if labials else None,
    }


async def _in_a_room(chosen: list[tuple[str, str]], rounds: int) -> list[Json]:
    """The same clauses asked of the voice process of a studio with a rehearsal on air."""
    with tempfile.TemporaryDirectory(prefix="zhubo-bench-") as folder:
        child = Child(Path(folder) / "data", free_port())
        try:
            code = await asyncio.to_thread(child.start)
            await asyncio.to_thread(child.enter, code)
            await asyncio.to_thread(child.post, "/shows/sample/rehearse", {"products": 3}, timeout=60.0)
            await asyncio.sleep(SETTLED)
            pid = await asyncio.to_thread(child.worker, "voice")
            if pid is None:
                raise OSError("voice: wanted the process of the studio on air, found none")
            return await _clauses(EmbeddedVoice(_socket_of(pid)), chosen, rounds, breath=BREATH)
        finally:
            await asyncio.to_thread(child.stop)


def _socket_of(pid: int) -> Path:
    """Where a voice process listens, by its command line."""
    argv = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    return Path(os.fsdecode(argv[argv.index(b"--socket") + 1]))


def printed(figures: Json) -> str:
    """The figures as Markdown."""
    rows = [
        "# The voice, measured",
        "",
        f"{figures['machine']}, {figures['cores']} cores, {figures['threads']} threads, load before: "
        f"{figures['load_before']}. Seconds; each clause {figures['rounds']} times, the middle one.",
        "",
    ]
    for place, title in (("idle", "Nothing else running"), ("room", "Beside a room on air, as an urgent answer")):
        if place in figures:
            rows += [f"## {title}", "", "| | clause | sound | first sound | slowest | real-time factor |"]
            rows += ["|---|---|---|---|---|---|"]
            rows += [
                f"| {row['lang']} | {row['clause']} | {row['seconds']} | {row['first_sound_s']} | {row['slowest_s']} | "
                f"{row['real_time_factor']} |"
                for row in figures[place]
            ]
            rows.append("")
    lip = figures["lips"]
    rows += [
        "## Each voice",
        "",
        "| voice | lines | LUFS least, mean, most | within ±1 | joints at most | characters a second | mouth late | "
        "lips met at b, p, m |",
        "|---|---|---|---|---|---|---|---|",
    ]
    rows += [
        f"| {v['voice']} | {v['lines']} | {', '.join(map(str, v['lufs']))} | {v['within_1_lu']} | "
        f"{v['loudest_joint_dbfs']} dBFS | {v['characters_a_second']} | {v['mouth_late_ms']} ms | "
        f"{v['lips_met']} of {v['labials']} |"
        for v in figures["voices"]
    ]
    rows += [
        "",
        f"All {lip['sentences']} sentences: the mouth is {lip['mouth_late_ms']} ms late (likeness {lip['likeness']}), "
        f"lips met at {lip['lips_met_share']} of {lip['labials']} b, p and m.",
        "",
    ]
    return "\n".join(rows)


if __name__ == "__main__":
    raise SystemExit(main())
