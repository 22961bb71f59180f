"""The file itself, decoded again: in step from the first second to the last, marked once, playable."""

import json
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from app.errors import Unavailable
from app.film.output import FPS, HEIGHT, WIDTH, Output, aigc_mark
from app.film.picture import Picture
from app.film.pump import Pump, replay
from app.film.viewer import RATE, Scene, Viewer
from tests.film.scenes import START, setting, snapshot, speech, starts, tone

LONG = 6.0  # seconds
SAID = (0.8, 2.8, 4.8)  # seconds at which a sentence of one second begins


def heard() -> list[tuple[float, str | bytes]]:
    frames: list[tuple[float, str | bytes]] = [(START, snapshot())]
    for number, at in enumerate(SAID):
        frames += [
            (START + at - 0.15, starts(speech(at, 1.0, line=f"l{number}"))),
            (START + at - 0.14, tone(1.0)),
        ]
    return frames


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("film") / "x.mp4"
    counted: list[int] = []
    with Output(str(out), mark=aigc_mark(producer="sample", produced="room-1")) as output:
        pump = Pump(viewer=Viewer(), draw=Picture("studio", setting()).draw, sink=output, begins=START)
        replay(pump, heard(), LONG, counted.append)
    assert counted == list(range(1, round(LONG * FPS) + 1))
    assert pump.dropped == 0
    return out


def test_a_film_is_720_by_1280_with_every_frame_and_as_much_sound(film: Path) -> None:
    with av.open(str(film)) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        assert (video.width, video.height, video.average_rate) == (WIDTH, HEIGHT, FPS)
        assert (video.codec_context.name, audio.codec_context.name) == ("h264", "aac")
        shown = [float(frame.time) for frame in container.decode(video)]
    assert len(shown) == round(LONG * FPS)
    assert np.allclose(np.diff(shown), 1 / FPS, atol=1e-3)
    with av.open(str(film)) as container:
        seconds = sum(frame.samples / frame.sample_rate for frame in container.decode(audio=0))
    assert abs(seconds - LONG) < 0.1


def test_sound_and_mouth_begin_together_from_the_first_sentence_to_the_last(film: Path) -> None:
    """The moment a sentence is loud, and the moment the mouth has opened half, both read from the decoded file."""
    with av.open(str(film)) as container:
        pieces = [(float(frame.time), frame.to_ndarray()[0], frame.sample_rate) for frame in container.decode(audio=0)]
    rate, first = pieces[0][2], pieces[0][0]
    loud = np.abs(np.concatenate([piece for _, piece, _ in pieces])) > 0.1
    quiet: np.ndarray | None = None
    opened: list[tuple[float, float]] = []
    with av.open(str(film)) as container:
        for frame in container.decode(video=0):
            mouth = frame.to_ndarray(format="rgb24")[600:720, 300:420].astype(np.float32).mean(axis=2)
            quiet = mouth if quiet is None else quiet
            opened.append((float(frame.time), float(np.abs(mouth - quiet).mean())))
    change = np.array([difference for _, difference in opened])
    half = change > 0.5 * change.max()
    offsets = []
    for at in SAID:
        window = slice(round((at - 0.3 - first) * rate), round((at + 0.5 - first) * rate))
        sound = at - 0.3 + float(np.flatnonzero(loud[window])[0]) / rate
        seen = next(moment for (moment, _), wide in zip(opened, half, strict=True) if wide and moment > at - 0.3)
        offsets.append(seen - sound)
    # The mouth opens over 60 ms on either side of the sound and a frame lasts 40 ms: together means within 80 ms.
    assert max(abs(offset) for offset in offsets) <= 0.08, offsets
    assert max(offsets) - min(offsets) <= 1 / FPS + 1e-3, offsets


def test_the_mark_of_ai_made_files_stands_in_the_file_once(film: Path) -> None:
    with av.open(str(film)) as container:
        mark = json.loads(container.metadata["AIGC"])
    assert mark["Label"] == "1"
    assert (mark["ContentProducer"], mark["ProduceID"]) == ("sample", "room-1")
    assert film.read_bytes().count(b'"ContentProducer"') == 1


def test_a_pump_that_is_late_drops_pictures_and_no_sound() -> None:
    sounds: list[int] = []
    numbers: list[int] = []

    class Sink:
        def sound(self, pcm: np.ndarray) -> None:
            sounds.append(len(pcm))

        def picture(self, rgb: np.ndarray, number: int) -> None:
            numbers.append(number)

    black = np.zeros((HEIGHT, WIDTH, 3), np.uint8)

    def draw(_scene: Scene, _at: float) -> np.ndarray:
        return black

    pump = Pump(viewer=Viewer(), draw=draw, sink=Sink(), begins=START)
    for moment in (0.0, 0.04, 1.0, 1.04):
        pump.up_to(START + moment)
    assert numbers == [0, 1, 25, 26]
    assert pump.dropped == 23
    assert abs(sum(sounds) / RATE - 1.04) < 0.041


def test_a_place_that_cannot_be_written_is_told_without_the_address(tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as refused:
        Output(str(tmp_path / "nowhere" / "secret.mp4"), mark="{}")
    assert "secret" not in str(refused.value)


def test_the_picture_on_the_server_shows_the_host_of_the_scene() -> None:
    picture = Picture("mist", setting())
    empty = picture.draw(Scene(), START)
    with_host = picture.draw(Scene(host="/static/hosts/lan/"), START)
    assert float(cv2.absdiff(empty, with_host)[400:900, 200:520].mean()) > 30


def test_sound_is_as_loud_in_the_file_as_in_the_clip(film: Path) -> None:
    with av.open(str(film)) as container:
        loudest = max(float(np.abs(frame.to_ndarray()).max()) for frame in container.decode(audio=0))
    assert 0.45 < loudest < 0.6
