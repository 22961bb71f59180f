"""The embedded voice: Kokoro-82M (int8) on onnxruntime, with the times of its phones."""

import hashlib
import os
import re
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime as ort

from avatar.line import Line
from avatar.loudness import levelled
from avatar.phones import CLAUSE_ENDS, SENTENCE_ENDS, TOKEN_IDS, FrontEnd, Sounding
from avatar.speech import SAMPLE_RATE, Phone, Sound, Utterance, Voice, Word

MODEL_FILE = "kokoro-v1.0-int8.onnx"
MODEL_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
HIDDEN_DURATIONS = "/encoder/Gather_output_0"  # int64 (tokens + 2,), in units of FRAME
FRAME = 600  # samples, 25 ms
MAX_TOKENS = 500  # the model takes 510; a margin for the two ends
STRETCH_TOKENS = 60  # a sentence end after this many tokens starts a new stretch, so sound starts early
LEAD = 0.04  # seconds of silence kept before the first sound; the model itself gives about 0.4
AHEAD = 0.05  # seconds by which sound precedes its label, see SPEECH measurements in tests/avatar/test_kokoro.py
MOUTH_AHEAD = 0.06  # the mouth closes this much before a pause
REST = 0.10  # seconds; a shorter gap does not close the mouth
TAIL = {
    ".": 0.30,
    "!": 0.30,
    "?": 0.30,
    "…": 0.30,
    ",": 0.14,
    ";": 0.18,
    ":": 0.16,
    "—": 0.16,
}  # seconds kept at the end
HUSH = 0.12  # seconds; shorter silences are the closures of p, t, k
SILENCE = 0.003  # of full scale before levelling; the model's own floor is below 0.001
FLOOR = 0.012  # of the stretch's peak: softer than this is breath, not speech

_PHONE = re.compile(r"[ˈˌ]*[^ˈˌ][\u0303ᵝːʰʲ→↗↘↓]*")


class VoiceMissing(OSError):
    """A file of the voice directory is missing or is not the file it should be."""


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Soundings synthesised in one run."""

    soundings: tuple[Sounding, ...]

    @property
    def tokens(self) -> list[int]:
        return [TOKEN_IDS[s] for sounding in self.soundings for s in sounding.symbols]


def sha256(path: Path) -> str:
    """Hex digest of a file, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def with_durations(directory: Path) -> Path:
    """The model with its durations as an output, made once beside the original and named with its hash.

    Raises VoiceMissing when the original is absent or has another hash.
    """
    import onnx  # only for the first start: 0.4 s and 60 MB that a running voice does not need

    source = directory / MODEL_FILE
    if not source.is_file():
        raise VoiceMissing(f"expected the voice model {MODEL_FILE} in {directory}, found none")
    found = sha256(source)
    if found != MODEL_SHA256:
        raise VoiceMissing(f"expected {MODEL_FILE} with sha256 {MODEL_SHA256}, found {found}")
    model = onnx.load(str(source))
    model.graph.node.append(onnx.helper.make_node("Identity", [HIDDEN_DURATIONS], ["durations"], name="durations"))
    model.graph.output.append(onnx.helper.make_tensor_value_info("durations", onnx.TensorProto.INT64, None))
    target = timed_model(directory)
    handle, name = tempfile.mkstemp(dir=directory, suffix=".part")
    os.close(handle)
    onnx.save(model, name)
    Path(name).chmod(0o644)
    Path(name).replace(target)
    return target


def timed_model(directory: Path) -> Path:
    """Where `with_durations` keeps its result."""
    return directory / f"kokoro-durations-{MODEL_SHA256[:12]}.onnx"


class Kokoro:
    """One loaded voice model. Not for use from two threads at once; one `speak_now` at a time."""

    def __init__(self, directory: Path, *, threads: int = 2) -> None:
        """Load from the voice directory. Raises VoiceMissing."""
        self._directory = directory
        path = timed_model(directory)
        if not path.is_file():
            path = with_durations(directory)
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 4  # a stopped run is no error of ours to print
        self._session = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        try:
            self._front = FrontEnd(directory)
        except FileNotFoundError as missing:
            raise VoiceMissing(f"expected the English lexicon in {directory}, found no {missing.filename}") from missing
        self._voices: dict[str, npt.NDArray[np.float32]] = {}

    @property
    def voices(self) -> list[str]:
        """Names of the voices present."""
        return sorted(path.stem for path in (self._directory / "voices").glob("*.bin"))

    def speak_now(
        self, line: Line, voice: Voice, stop: Callable[[], bool], *, skip: int = 0, clock: float = 0.0
    ) -> Iterator[Utterance]:
        """Phones and words of each stretch, then its sound. Ends early, without sound, once `stop()` is true.

        A line that was pre-empted goes on with `skip` stretches left out, its times counted from `clock` seconds.
        Raises VoiceMissing for an unknown voice.
        """
        styles = self._styles(voice.name)
        for stretch in _stretches(self._front.soundings(line.spoken))[skip:]:
            made = self._synthesise(stretch, styles, voice.speed, stop)
            if made is None:
                return
            audio, durations = made
            samples, phones, spans = _timed(stretch, audio, durations)
            yield from (Phone(symbol=s, start=clock + a, end=clock + b) for s, a, b in phones)
            yield from _words(line, stretch, spans, clock)
            yield Sound(pcm=_pcm(levelled(samples, SAMPLE_RATE)))
            clock += len(samples) / SAMPLE_RATE

    def _styles(self, name: str) -> npt.NDArray[np.float32]:
        """Style rows (510, 256) of a voice."""
        if name not in self._voices:
            path = self._directory / "voices" / f"{name}.bin"
            if not re.fullmatch(r"[a-z0-9_]+", name) or not path.is_file():
                raise VoiceMissing(f"expected one of {', '.join(self.voices)}, found {name!r}")
            self._voices[name] = np.fromfile(path, "<f4").reshape(510, 256)
        return self._voices[name]

    def _synthesise(
        self, stretch: _Stretch, styles: npt.NDArray[np.float32], speed: float, stop: Callable[[], bool]
    ) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]] | None:
        """Audio and durations of one stretch; None when stopped."""
        if stop():
            return None
        tokens = stretch.tokens
        inputs = {
            "tokens": np.array([[0, *tokens, 0]], np.int64),
            "style": styles[len(tokens) - 1][None],
            "speed": np.array([speed], np.float32),
        }
        run, done, stopped = ort.RunOptions(), threading.Event(), threading.Event()
        run.log_severity_level = 4

        def watch() -> None:
            while not done.wait(0.01):  # the runtime has no callback: the asker's wish is looked at 100 times a second
                if stop():
                    stopped.set()
                    run.terminate = True
                    return

        watcher = threading.Thread(target=watch, name="kokoro:stop", daemon=True)
        watcher.start()
        try:
            audio, durations = self._session.run(["audio", "durations"], inputs, run)
        except Exception:  # onnxruntime raises its own unexported class on terminate
            if stopped.is_set():
                return None
            raise
        finally:
            done.set()
            watcher.join()
        audio, durations = np.asarray(audio, np.float32).reshape(-1), np.asarray(durations, np.int64).reshape(-1)
        if int(durations.sum()) * FRAME != len(audio):
            raise ValueError(f"expected {int(durations.sum()) * FRAME} samples by the durations, found {len(audio)}")
        return audio, durations


def _stretches(soundings: list[Sounding]) -> list[_Stretch]:
    """Soundings in runs the model can take, cut at sentence ends, else at clause ends, else between words."""
    if not any(s.word for s in soundings):
        return []
    runs: list[_Stretch] = []
    run: list[Sounding] = []

    def size(row: list[Sounding]) -> int:
        return sum(len(s.symbols) for s in row)

    def close(row: list[Sounding]) -> None:
        while row and row[0].symbols == " ":
            row = row[1:]
        if any(s.word for s in row):
            runs.append(_Stretch(tuple(row)))

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


Span = tuple[float, float]


def _timed(
    stretch: _Stretch, audio: npt.NDArray[np.float32], durations: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.float32], list[tuple[str, float, float]], list[Span]]:
    """Trimmed samples, phones (symbol, start, end) and a span for each sounding, in seconds of the trimmed sound."""
    last = stretch.soundings[-1].symbols
    hushes = _hushes(audio)
    first = max(0, int((hushes[0][1] - LEAD) * SAMPLE_RATE))
    final = min(len(audio), int((hushes[-1][0] + TAIL.get(last, 0.08)) * SAMPLE_RATE))
    offset, seconds = first / SAMPLE_RATE, (final - first) / SAMPLE_RATE
    edges = np.concatenate(([0], np.cumsum(durations))) * (FRAME / SAMPLE_RATE) - AHEAD - offset

    def at(token: int) -> float:
        return float(min(max(edges[token], 0.0), seconds))

    phones: list[tuple[str, float, float]] = [("sil", 0.0, at(1))]
    spans: list[Span] = []
    token = 1  # token 0 is the silence in front
    for sounding in stretch.soundings:
        begin = token
        for match in _PHONE.finditer(sounding.symbols):
            start, end = at(token), at(token + len(match[0]))
            token += len(match[0])
            if sounding.word:
                phones.append((match[0].strip("ˈˌ"), start, end))
            else:
                phones.append(("sil", start, end))
        spans.append((at(begin), at(token)))
    phones.append(("sil", at(token), seconds))
    quiet = [(max(0.0, a - offset), min(seconds, b - offset)) for a, b in hushes]
    return audio[first:final], _rested(_hushed(phones, quiet)), spans


def _hushes(audio: npt.NDArray[np.float32]) -> list[Span]:
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


def _hushed(phones: list[tuple[str, float, float]], quiet: list[Span]) -> list[tuple[str, float, float]]:
    """Phones cut where nothing sounds: the model gives the silence of a pause to the vowel before it."""
    row = phones
    for a, b in quiet:
        if b - a < HUSH:
            continue
        cut: list[tuple[str, float, float]] = []
        for symbol, start, end in row:
            low, high = max(start, a), min(end, b)
            if symbol == "sil" or high <= low:
                cut.append((symbol, start, end))
                continue
            cut += [(symbol, start, low), ("sil", low, high), (symbol, high, end)]
        row = [(symbol, start, end) for symbol, start, end in cut if end - start > 0.001]
    return row


def _rested(phones: list[tuple[str, float, float]]) -> list[tuple[str, float, float]]:
    """Neighbouring pauses become one; short ones belong to the phone before; the mouth closes early for long ones."""
    row: list[tuple[str, float, float]] = []
    for symbol, start, end in phones:
        if row and symbol == "sil" and row[-1][0] == "sil":
            row[-1] = ("sil", row[-1][1], end)
        else:
            row.append((symbol, start, end))
    rested: list[tuple[str, float, float]] = []
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


def _words(line: Line, stretch: _Stretch, spans: list[Span], clock: float) -> Iterator[Word]:
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


def _pcm(samples: npt.NDArray[np.float32]) -> bytes:
    """Little-endian int16."""
    return (np.clip(samples, -1, 1) * 32767).round().astype("<i2").tobytes()
