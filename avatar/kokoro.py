"""The embedded voice: Kokoro-82M (int8) on onnxruntime, with the times of its phones."""

import hashlib
import os
import re
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime as ort

from avatar.line import Line
from avatar.loudness import TARGET, finished
from avatar.phones import FrontEnd
from avatar.speech import SAMPLE_RATE, Phone, Sound, Utterance, Voice
from avatar.timing import (
    Samples,
    Span,
    Stretch,
    TimedPhone,
    caption_words,
    heard,
    hushed,
    hushes,
    int16,
    kept_part,
    rested,
    stretches,
)

MODEL_FILE = "kokoro-v1.0-int8.onnx"
MODEL_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
HIDDEN_DURATIONS = "/encoder/Gather_output_0"  # int64 (tokens + 2,), in units of FRAME
FRAME = 600  # samples, 25 ms
AHEAD = 0.05  # seconds by which sound precedes its label; tests/avatar/test_kokoro.py holds mouth and sound together

PHONE = re.compile(r"[ˈˌ]*[^ˈˌ][\u0303ᵝːʰʲ→↗↘↓]*")


class VoiceMissing(OSError):
    """A file of the voice directory is missing or is not the file it should be."""


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
        self._voices: dict[str, Samples] = {}

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
        for stretch in stretches(self._front.soundings(line.spoken))[skip:]:
            made = self._synthesise(stretch, styles, voice.speed, stop)
            if made is None:
                return
            audio, durations = made
            samples, phones, spans = _timed(stretch, audio, durations)
            yield from (Phone(symbol=s, start=clock + a, end=clock + b) for s, a, b in phones)
            yield from caption_words(line, stretch, spans, clock)
            yield Sound(pcm=int16(finished(samples, SAMPLE_RATE, TARGET + voice.level)))
            clock += len(samples) / SAMPLE_RATE

    def _styles(self, name: str) -> Samples:
        """Style rows (510, 256) of a voice."""
        if name not in self._voices:
            path = self._directory / "voices" / f"{name}.bin"
            if not re.fullmatch(r"[a-z0-9_]+", name) or not path.is_file():
                raise VoiceMissing(f"expected one of {', '.join(self.voices)}, found {name!r}")
            self._voices[name] = np.fromfile(path, "<f4").reshape(510, 256)
        return self._voices[name]

    def _synthesise(
        self, stretch: Stretch, styles: Samples, speed: float, stop: Callable[[], bool]
    ) -> tuple[Samples, npt.NDArray[np.int64]] | None:
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


def _timed(
    stretch: Stretch, audio: Samples, durations: npt.NDArray[np.int64]
) -> tuple[Samples, list[TimedPhone], list[Span]]:
    """Trimmed samples, phones (symbol, start, end) and a span for each sounding, in seconds of the trimmed sound."""
    silences = hushes(audio)
    first, final = kept_part(silences, stretch.soundings[-1].symbols, len(audio))
    offset, seconds = first / SAMPLE_RATE, (final - first) / SAMPLE_RATE
    edges = np.concatenate(([0], np.cumsum(durations))) * (FRAME / SAMPLE_RATE) - AHEAD - offset

    def at(token: int) -> float:
        return float(min(max(edges[token], 0.0), seconds))

    phones: list[TimedPhone] = [("sil", 0.0, at(1))]
    spans: list[Span] = []
    token = 1  # token 0 is the silence in front
    for sounding in stretch.soundings:
        begin = token
        for match in PHONE.finditer(sounding.symbols):
            start, end = at(token), at(token + len(match[0]))
            token += len(match[0])
            if sounding.word:
                phones.append((match[0].strip("ˈˌ"), start, end))
            else:
                phones.append(("sil", start, end))
        spans.append((at(begin), at(token)))
    phones.append(("sil", at(token), seconds))
    quiet = [(max(0.0, a - offset), min(seconds, b - offset)) for a, b in silences]
    return audio[first:final], rested(hushed(phones, quiet)), heard(spans, quiet)
