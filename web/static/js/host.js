// The digital human on a canvas: a baked atlas, composed by weights. The same numbers as avatar/rig.py and painter.py.

let rig = null; // the tables of rig.json, read by the first load()

const clamp = (x, low, high) => Math.min(Math.max(x, low), high);
const rise = (x) => 0.5 - 0.5 * Math.cos(Math.PI * clamp(x, 0, 1));

/** A number in 0–1 from a seed and a slot; the same in Python and here. */
export function chance(seed, slot) {
  let mixed = (Math.imul(seed, 0x9e3779b1) + Math.imul(slot, 0x85ebca77) + 0x6d2b79f5) >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1) >>> 0;
  mixed = (mixed ^ (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61))) >>> 0;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
}

/** Open 0–5, width −1…1, pp and ff 0–1 at `t` seconds into a viseme track [[name, start, end, weight], …]. */
export function mouthAt(visemes, t) {
  const { ramp } = rig;
  let total = 0, open = 0, width = 0, pp = 0, ff = 0;
  for (const [name, start, end, weight] of visemes) {
    if (t <= start - ramp || t >= end + ramp) continue;
    let share = rise((t - start + ramp) / (2 * ramp)) * (1 - rise((t - end + ramp) / (2 * ramp))) * weight;
    if (name === "PP" || name === "FF") share *= rig.closure_boost;
    const [shapeOpen, shapeWidth] = rig.visemes[name];
    total += share;
    open += share * shapeOpen;
    width += share * shapeWidth;
    if (name === "PP") pp += share;
    if (name === "FF") ff += share;
  }
  const norm = Math.max(total, 1);
  const span = rig.closure_full - rig.closure_from;
  const pressed = rise((pp / norm - rig.closure_from) / span);
  const bitten = rise((ff / norm - rig.closure_from) / span) * (1 - pressed);
  return { open: (open / norm) * (1 - pressed), width: (width / norm) * (1 - pressed), pp: pressed, ff: bitten };
}

function blinkAt(t, seed) {
  const { every, jitter, first, seconds, steps } = rig.blink;
  const slot = Math.floor((t - first) / every);
  for (const k of [slot - 1, slot]) {
    const along = (t - (first + k * every + jitter * chance(seed, k))) / seconds;
    if (along > 0 && along < 1) return steps * (along < 0.38 ? rise(along / 0.38) : 1 - rise((along - 0.46) / 0.54));
  }
  return 0;
}

const REST = { smile: 0, nod: 0, tilt: 0, turn: 0, gaze: null };

/** What an act {seconds, mood, gesture} adds `t` seconds into its clause; it begins and ends at rest. */
export function bearingAt(act, t) {
  if (!act || !(t > 0 && t < act.seconds)) return REST;
  const fade = Math.min(rig.mood_fade, act.seconds / 2);
  const smile = (rig.moods[act.mood] ?? 0) * rise(t / fade) * rise((act.seconds - t) / fade);
  const rule = rig.gestures[act.gesture];
  const along = rule ? t / Math.min(rule.seconds, act.seconds) : 1;
  if (along >= 1) return { ...REST, smile };
  const swell = Math.sin(Math.PI * along) ** 2;
  return {
    smile: smile + rule.smile * swell,
    nod: rule.nod * Math.sin(Math.PI * along) * Math.sin(Math.PI * rule.beats * along) ** 2,
    tilt: rule.tilt * swell,
    turn: rule.turn * swell,
    gaze: rule.gaze && along > 0.15 && along < 0.85 ? rule.gaze : null,
  };
}

/** The pose `t` seconds into a track; blink, breath, gaze and sway follow the clock `idle`. Needs one loaded host. */
export function poseAt(visemes, t, seed, idle = t, act = null) {
  const bearing = bearingAt(act, t);
  const mouth = mouthAt(visemes, t);
  const { sway, breath, gaze } = rig;
  const wave = (period, slot) => Math.sin(2 * Math.PI * (idle / period + chance(seed, 1000 + slot)));
  const [slow, quick, slowest] = sway.seconds;
  const moment = Math.floor(idle / gaze.every);
  return {
    ...mouth,
    width: clamp(mouth.width + bearing.smile * (1 - mouth.pp) * (1 - mouth.ff), -1, 1),
    blink: blinkAt(idle, seed),
    gaze: bearing.gaze ?? gaze.amount * gaze.levels[Math.floor(chance(seed, 5000 + moment) * gaze.levels.length)],
    sway_x: sway.x * (0.7 * wave(slow, 0) + 0.3 * wave(quick, 1)),
    sway_y: sway.y * wave(quick, 2) - bearing.nod,
    yaw: sway.yaw * (0.6 * wave(slowest, 3) + 0.4 * wave(slow, 4)) + bearing.turn,
    roll: sway.roll * (0.6 * wave(slow, 5) + 0.4 * wave(quick, 6)) + bearing.tilt,
    breath: breath.pixels * (0.5 + 0.5 * wave(breath.seconds, 7)),
  };
}

async function picture(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`host picture ${url}: ${answer.status}`);
  return createImageBitmap(await answer.blob());
}

async function json(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`host file ${url}: ${answer.status}`);
  return answer.json();
}

export class HostPlayer {
  #context;
  #base;
  #neutral;
  #sheets;
  #flat; // the figure at rest with this pose's eyes and mouth, before it leans
  #track = { visemes: [], start: 0, act: null };

  /** A player drawing on `canvas` the host whose atlas lies under `baseUrl` (with a slash at the end). */
  constructor(canvas, baseUrl) {
    this.canvas = canvas;
    this.#context = canvas.getContext("2d");
    this.#base = baseUrl;
  }

  /** Fetch the atlas and the rig; sizes the canvas. Throws when a file is missing. */
  async load() {
    const at = new URL(this.#base, document.baseURI);
    const [shared, about, neutral, mouth, eyes] = await Promise.all([
      json(new URL("../rig.json", at)),
      json(new URL("host.json", at)),
      ...["neutral", "mouth", "eyes"].map((name) => picture(new URL(`${name}.webp`, at))),
    ]);
    rig = shared;
    this.about = about;
    this.#neutral = neutral;
    this.#sheets = { mouth, eyes };
    const [width, height] = about.frame;
    Object.assign(this.canvas, { width, height });
    this.#flat = new OffscreenCanvas(width, height).getContext("2d");
    this.#flat.drawImage(neutral, 0, 0);
  }

  /** Speak this track, as `act` says, from `startTimeSeconds` of the caller's clock; an empty one closes the mouth. */
  setTrack(visemes, startTimeSeconds, act = null) {
    this.#track = { visemes, start: startTimeSeconds, act };
  }

  /** Draw the moment `nowSeconds` of the same clock. */
  draw(nowSeconds) {
    const { visemes, start, act } = this.#track;
    this.paint(poseAt(visemes, nowSeconds - start, this.about.seed, nowSeconds, act));
  }

  /** Draw one pose. */
  paint(pose) {
    const [width, height] = this.about.frame;
    this.#eyes(pose);
    this.#mouth(pose);
    // Rows shift by a straight line below the neck and by another above it: two sheared pictures. The lower one
    // reaches two rows up under the other, so no seam shows where they meet.
    const pivot = this.about.pivot_y;
    const whole = pose.sway_x + rig.sway.yaw_pixels * pose.yaw;
    const low = whole / (height - pivot);
    const lift = pose.breath + pose.sway_y;
    const stretch = (height + lift) / height;
    const page = this.#context;
    const top = pivot - 2;
    page.setTransform(1, 0, 0, 1, 0, 0);
    page.clearRect(0, 0, width, height);
    page.setTransform(1, 0, -low, stretch, low * height, -lift);
    page.drawImage(this.#flat.canvas, 0, top, width, height - top, 0, top, width, height - top);
    page.setTransform(1, 0, -pose.roll, stretch, whole + pose.roll * pivot, -lift);
    page.drawImage(this.#flat.canvas, 0, 0, width, pivot, 0, 0, width, pivot);
  }

  /** Take a rectangle of the flat figure back to rest: patches are laid on rest, not on the last frame. */
  #rest(part) {
    const [x, y, width, height] = this.about[part].rect;
    this.#flat.globalAlpha = 1;
    this.#flat.globalCompositeOperation = "source-over";
    this.#flat.clearRect(x, y, width, height);
    this.#flat.drawImage(this.#neutral, x, y, width, height, x, y, width, height);
  }

  #lay(part, index, share) {
    const { rect, columns } = this.about[part];
    const [x, y, width, height] = rect;
    this.#flat.globalAlpha = share;
    this.#flat.globalCompositeOperation = "source-atop"; // a patch colours the figure, never the air beside it
    const [column, row] = [index % columns, Math.floor(index / columns)];
    this.#flat.drawImage(this.#sheets[part], column * width, row * height, width, height, x, y, width, height);
  }

  #eyes(pose) {
    const { gaze, lids } = this.about.eyes;
    const look = gaze.reduce((best, g, k) => (Math.abs(g - pose.gaze) < Math.abs(gaze[best] - pose.gaze) ? k : best), 0);
    const low = Math.min(Math.floor(pose.blink), lids - 2);
    const part = clamp(pose.blink - low, 0, 1);
    this.#rest("eyes");
    this.#lay("eyes", look * lids + low, 1);
    if (part > 0) this.#lay("eyes", look * lids + low + 1, part);
  }

  #mouth(pose) {
    const { open, width } = this.about.mouth;
    const row = clamp(pose.open / (open[1] - open[0]), 0, open.length - 1);
    const column = clamp((pose.width - width[0]) / (width[1] - width[0]), 0, width.length - 1);
    const r = Math.min(Math.floor(row), open.length - 2);
    const c = Math.min(Math.floor(column), width.length - 2);
    const [v, u] = [row - r, column - c];
    this.#rest("mouth");
    let laid = 0;
    for (const [weight, i, j] of [[(1 - v) * (1 - u), r, c], [(1 - v) * u, r, c + 1], [v * (1 - u), r + 1, c], [v * u, r + 1, c + 1]]) {
      if (weight <= 0) continue;
      laid += weight;
      this.#lay("mouth", i * width.length + j, weight / laid);
    }
    const grid = open.length * width.length;
    if (pose.ff > 0) this.#lay("mouth", grid + 1, pose.ff);
    if (pose.pp > 0) this.#lay("mouth", grid, pose.pp);
  }
}
