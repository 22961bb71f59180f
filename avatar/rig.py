"""The rig: which pose a host holds at a moment, from a viseme track, a clock and a seed. Pure; no pictures here.

The baked atlas of a host (`web/static/hosts/<id>/`, made by `python -m avatar.sculpt`) is read by two players, this
package's `painter` (OpenCV) and the page's `host.js` (Canvas2D); both read the same tables from `rig.json` beside the
hosts, and both compute the numbers below.

An atlas is:
- `neutral.webp`: the whole figure at rest, RGBA, `frame` = [width, height] pixels, transparent background;
- `mouth.webp`: patches of the rectangle `mouth.rect` = [x, y, width, height], alpha feathered, `mouth.columns` a row:
  first the grid (row by row `mouth.open` steps, within a row `mouth.width` steps), then PP, then FF;
- `eyes.webp`: patches of `eyes.rect`, `eyes.columns` a row: for each gaze of `eyes.gaze` the lids from open to closed;
- `host.json`: these rectangles, `pivot_y` (row where the neck starts, the head above it sways), names, voices, licence.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

Viseme = tuple[str, float, float, float]  # name, start, end (seconds), weight 0–1

HOSTS = Path(__file__).parents[1] / "web" / "static" / "hosts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pose:
    """One moment of a host. Pixels are the frame's own; angles are radians."""

    open: float = 0.0  # 0 closed … 5 wide
    width: float = 0.0  # −1 rounded … 1 spread
    pp: float = 0.0  # 0–1, lips pressed
    ff: float = 0.0  # 0–1, lower lip under the teeth
    blink: float = 0.0  # 0 open … 4 closed
    gaze: float = 0.0  # −1 left … 1 right of the picture, snapped to the baked steps
    sway_x: float = 0.0
    sway_y: float = 0.0
    yaw: float = 0.0
    roll: float = 0.0
    breath: float = 0.0


@cache
def tables() -> dict[str, Any]:
    """The rig's numbers, shared with the page's player."""
    loaded: dict[str, Any] = json.loads((HOSTS / "rig.json").read_text("utf-8"))
    return loaded


def chance(seed: int, slot: int) -> float:
    """A number in 0–1 from a seed and a slot: the same in Python and in the page (32-bit mixing)."""
    mixed = (seed * 0x9E3779B1 + slot * 0x85EBCA77 + 0x6D2B79F5) & 0xFFFFFFFF
    mixed = ((mixed ^ (mixed >> 15)) * (mixed | 1)) & 0xFFFFFFFF
    mixed ^= (mixed + (((mixed ^ (mixed >> 7)) * (mixed | 61)) & 0xFFFFFFFF)) & 0xFFFFFFFF
    return ((mixed ^ (mixed >> 14)) & 0xFFFFFFFF) / 4294967296.0


def _rise(x: float) -> float:
    """Raised cosine from 0 at x ≤ 0 to 1 at x ≥ 1."""
    return 0.5 - 0.5 * math.cos(math.pi * min(max(x, 0.0), 1.0))


def mouth_at(visemes: Sequence[Viseme], t: float) -> tuple[float, float, float, float]:
    """(open, width, pp, ff) of the mouth at `t` seconds into a track; all zero outside it.

    Every viseme fades in and out over ±`ramp` seconds. What the fades leave over is silence, so a track opens from
    and closes to rest. PP and FF count `closure_boost` times and close the mouth as their share grows: a short m or b
    between two open vowels still meets its lips.
    """
    rig = tables()
    ramp: float = rig["ramp"]
    total = opened = spread = pp = ff = 0.0
    for name, start, end, weight in visemes:
        if t <= start - ramp or t >= end + ramp:
            continue
        share = _rise((t - start + ramp) / (2 * ramp)) * (1 - _rise((t - end + ramp) / (2 * ramp))) * weight
        if name in ("PP", "FF"):
            share *= rig["closure_boost"]
        shape_open, shape_width = rig["visemes"][name]
        total += share
        opened += share * shape_open
        spread += share * shape_width
        pp += share if name == "PP" else 0.0
        ff += share if name == "FF" else 0.0
    norm = max(total, 1.0)
    low, full = rig["closure_from"], rig["closure_full"]
    pressed = _rise((pp / norm - low) / (full - low))
    bitten = _rise((ff / norm - low) / (full - low)) * (1 - pressed)
    return opened / norm * (1 - pressed), spread / norm * (1 - pressed), pressed, bitten


def blink_at(t: float, seed: int) -> float:
    """Lids at a moment, 0 open to 4 closed: one blink every 2.5–4.3 s, 260 ms from open to open."""
    rule = tables()["blink"]
    slot = math.floor((t - rule["first"]) / rule["every"])
    for k in (slot - 1, slot):
        begun = rule["first"] + k * rule["every"] + rule["jitter"] * chance(seed, k)
        along = (t - begun) / rule["seconds"]
        if 0.0 < along < 1.0:
            closing = _rise(along / 0.38) if along < 0.38 else 1 - _rise((along - 0.46) / 0.54)
            return float(rule["steps"] * closing)
    return 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """How a clause of `seconds` is said: its mood, and a gesture that begins with it (names of `rig.json`)."""

    seconds: float
    mood: str = "calm"
    gesture: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearing:
    """What an act adds to the pose: smile (as mouth width), nod in pixels, tilt and turn of the head, where to look."""

    smile: float = 0.0
    nod: float = 0.0
    tilt: float = 0.0
    turn: float = 0.0
    gaze: float | None = None


def bearing_at(act: Act, t: float) -> Bearing:
    """What the act adds `t` seconds into its clause; nothing before and after. It begins and ends at rest.

    A mood or a gesture that the rig does not know adds nothing: older atlases stay watchable.
    """
    rig = tables()
    if not 0.0 < t < act.seconds:
        return Bearing()
    fade = min(rig["mood_fade"], act.seconds / 2)
    smile: float = rig["moods"].get(act.mood, 0.0) * _rise(t / fade) * _rise((act.seconds - t) / fade)
    rule = rig["gestures"].get(act.gesture)
    if rule is None:
        return Bearing(smile=smile)
    along = t / min(rule["seconds"], act.seconds)
    if along >= 1.0:
        return Bearing(smile=smile)
    swell = math.sin(math.pi * along) ** 2
    return Bearing(
        smile=smile + rule["smile"] * swell,
        nod=rule["nod"] * math.sin(math.pi * along) * math.sin(math.pi * rule["beats"] * along) ** 2,
        tilt=rule["tilt"] * swell,
        turn=rule["turn"] * swell,
        gaze=rule["gaze"] if rule["gaze"] and 0.15 < along < 0.85 else None,
    )


def pose_at(
    visemes: Sequence[Viseme], t: float, seed: int, *, idle: float | None = None, act: Act | None = None
) -> Pose:
    """The pose `t` seconds into a viseme track; blink, breath, gaze and sway follow the clock `idle` (default `t`).

    Deterministic in its arguments. An unknown viseme name raises KeyError.
    """
    bearing = Bearing() if act is None else bearing_at(act, t)
    rig = tables()
    clock = t if idle is None else idle
    opened, spread, pp, ff = mouth_at(visemes, t)
    sway, breath, look = rig["sway"], rig["breath"], rig["gaze"]

    def wave(period: float, slot: int) -> float:
        return math.sin(2 * math.pi * (clock / period + chance(seed, 1000 + slot)))

    slow, quick, slowest = sway["seconds"]
    moment = math.floor(clock / look["every"])
    levels: list[float] = look["levels"]
    return Pose(
        open=opened,
        width=min(max(spread + bearing.smile * (1 - pp) * (1 - ff), -1.0), 1.0),
        pp=pp,
        ff=ff,
        blink=blink_at(clock, seed),
        gaze=look["amount"] * (levels[math.floor(chance(seed, 5000 + moment) * len(levels))])
        if bearing.gaze is None
        else bearing.gaze,
        sway_x=sway["x"] * (0.7 * wave(slow, 0) + 0.3 * wave(quick, 1)),
        sway_y=sway["y"] * wave(quick, 2) - bearing.nod,
        yaw=sway["yaw"] * (0.6 * wave(slowest, 3) + 0.4 * wave(slow, 4)) + bearing.turn,
        roll=sway["roll"] * (0.6 * wave(slow, 5) + 0.4 * wave(quick, 6)) + bearing.tilt,
        breath=breath["pixels"] * (0.5 + 0.5 * wave(breath["seconds"], 7)),
    )
