"""A rehearsal's numbers, computed from its evidence: the log, the client's arrivals and sound, the senders' lists."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from app.ledger import broken_at
from scripts_gen.claims import check
from scripts_gen.facts import facts_from_json

WINDOW = 0.1  # seconds of one loudness value
QUIET = 10 ** (-50 / 20)  # −50 dBFS
FADE = 0.03  # seconds; the client's fade on a cut
CUT_WITHIN = 3.0  # seconds after a press in which its cut must arrive to be counted as its effect

Json = dict[str, Any]


def read_lines(path: Path) -> list[Json]:
    """The objects of a JSONL file; none when there is no such file."""
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def spread(values: Sequence[float]) -> Json:
    """p50, p95 and n of some milliseconds; None without any."""
    if not values:
        return {"p50": None, "p95": None, "n": 0}
    ordered = sorted(values)
    at = [ordered[min(len(ordered) - 1, int(share * len(ordered)))] for share in (0.5, 0.95)]
    return {"p50": round(at[0]), "p95": round(at[1]), "n": len(ordered)}


def longest_silence(wav: Path) -> int | None:
    """Milliseconds of the longest stretch below −50 dBFS from the first sound to the show's end; None without sound."""
    pcm, rate = soundfile.read(wav, dtype="float32")
    step = round(WINDOW * rate)
    frames = len(pcm) // step
    loud = np.sqrt(np.mean(np.square(pcm[: frames * step].reshape(frames, step)), axis=1)) >= QUIET
    sounding = np.flatnonzero(loud)
    if len(sounding) == 0:
        return None
    gaps = np.diff(np.append(sounding, frames)) - 1
    return round(float(gaps.max()) * WINDOW * 1000)


def answers(events: Sequence[Json], arrivals: Sequence[Json]) -> Json:
    """Delays of every answer from its choice, by the client's ears, and how long comments waited for the choice."""
    received = {event["comment"]: event["received_at"] for event in events if event["type"] == "comment_heard"}
    groups: dict[str, dict[str, list[float]]] = {
        name: {"urgent": [], "at_border": [], "all": []} for name in ("first_sound_ms", "first_answer_ms", "wait_ms")
    }
    for event in events:
        if event["type"] != "comment_decided" or event["decision"] != "answer":
            continue
        comment = event["comment"]
        chosen = received[comment] + event["wait_ms"] / 1000
        clips = [note for note in arrivals if note["kind"] == "clip" and note["comment"] == comment]
        own = [note for note in clips if note["own_words"]]
        group = "urgent" if event["reason"] == "purchase question" else "at_border"
        found = {
            "wait_ms": float(event["wait_ms"]),
            "first_sound_ms": (clips[0]["first"] - chosen) * 1000 if clips else None,
            "first_answer_ms": (own[0]["first"] - chosen) * 1000 if own else None,
        }
        for name, value in found.items():
            if value is not None:
                groups[name][group].append(value)
                groups[name]["all"].append(value)
    return {
        name: {**spread(parts["all"]), "urgent": spread(parts["urgent"]), "at_border": spread(parts["at_border"])}
        for name, parts in groups.items()
    }


def cuts(presses: Iterable[Json], arrivals: Sequence[Json]) -> Json:
    """Key press → the client silent: the arrival of the cut plus its fade, for presses made while something sounded."""
    delays: list[float] = []
    ends = [note for note in arrivals if note["kind"] == "speech.end" and note["outcome"] == "cut"]
    clips = [note for note in arrivals if note["kind"] == "clip"]
    for press in presses:
        at = press["t"]
        sounding = {note["line"] for note in clips if note["starts"] <= at < note["ends"]}
        came = next(
            (note["t"] for note in ends if at <= note["t"] < at + CUT_WITHIN and note["line"] in sounding), None
        )
        if came is not None:
            delays.append((came + FADE - at) * 1000)
    return spread(delays)


def comments(events: Sequence[Json]) -> Json:
    """What became of every comment; seen = answered + merged + skipped + handed_over + dropped + waiting."""
    seen = {
        event["comment"] for event in events if event["type"] == "comment_heard" and event["crowd_kind"] == "comment"
    }
    decided = {event["comment"]: event for event in events if event["type"] == "comment_decided"}
    by = Counter(decided[comment]["decision"] for comment in seen if comment in decided)
    dropped = Counter(
        decided[comment]["reason"] for comment in seen if comment in decided and decided[comment]["decision"] == "drop"
    )
    return {
        "seen": len(seen),
        "answered": by["answer"],
        "merged": by["merge"],
        "skipped": by["skip"],
        "handed_over": by["hand_over"],
        "dropped": dict(dropped),
        "waiting": len(seen - decided.keys()),
    }


def unsupported(events: Sequence[Json], facts: Mapping[str, Json], approved: Mapping[str, Sequence[str]]) -> list[Json]:
    """Spoken lines with a claim that today's facts (and the product's approved answers) do not carry."""
    found: list[Json] = []
    for event in events:
        if event["type"] != "line_started" or event["product"] not in facts:
            continue
        verdict = check(event["text"], facts_from_json(facts[event["product"]]), approved.get(event["product"], ()))
        if not verdict.ok:
            found.append({"line": event["line"], "text": event["text"], "unsupported": list(verdict.unsupported)})
    return found


def paid(sent: Iterable[Json]) -> dict[str, str]:
    """Paid GMV by currency from the senders' own list: each order once, acknowledged messages only."""
    amounts: dict[str, tuple[str, Decimal]] = {}
    bought: set[str] = set()
    for message in sent:
        if not message["acked"]:
            continue
        if message["status"] != "refunded":
            amounts[message["id"]] = (message["currency"], Decimal(message["amount"]))
        if message["status"] in ("paid", "refunded"):
            bought.add(message["id"])
    totals: dict[str, Decimal] = {}
    for order in bought & amounts.keys():
        currency, amount = amounts[order]
        totals[currency] = totals.get(currency, Decimal(0)) + amount
    return {currency: f"{total:f}" for currency, total in sorted(totals.items())}


def report(
    folder: Path,
    *,
    sql: Mapping[str, str],
    stored: int,
    facts: Mapping[str, Json],
    approved: Mapping[str, Sequence[str]],
) -> Json:
    """The JSON of `zhubo rehearse`, from the evidence in `folder` and what the database says."""
    events, arrivals = read_lines(folder / "events.jsonl"), read_lines(folder / "client.jsonl")
    sent, presses = read_lines(folder / "sent_orders.jsonl"), read_lines(folder / "presses.jsonl")
    memory = [sample["mb"] for sample in read_lines(folder / "memory.jsonl")]
    offsets = [abs(note["mouth_ms"]) for note in arrivals if note["kind"] == "clip" and note["mouth_ms"] is not None]
    outcomes = Counter(event["outcome"] for event in events if event["type"] == "line_ended")
    return {
        **answers(events, arrivals),
        "cut_ms": cuts((press for press in presses if press["button"] == "cut"), arrivals),
        "longest_silence_ms": longest_silence(folder / "client.wav"),
        "av_offset_ms": spread(offsets),
        "comments": comments(events),
        "lines": {"said": outcomes["said"], "cut": outcomes["cut"], "failed": outcomes["failed"]},
        "unsupported": unsupported(events, facts, approved),
        "gmv": {"sql": dict(sql), "model": paid(sent)},
        "orders": {"sent": len(sent), "acked": sum(message["acked"] for message in sent), "stored": stored},
        "rss_mb": {
            "start": round(memory[0]) if memory else None,
            "peak": round(max(memory)) if memory else None,
            "end": round(memory[-1]) if memory else None,
        },
        "log": {"events": len(events), "chain_ok": bool(events) and broken_at(events) is None},
    }
