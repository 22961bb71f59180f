"""A film's container: H.264 and AAC into MP4, or into FLV over RTMP, with the AI mark of GB 45438-2025 in its head.

Audio and video count from the same zero: sample n is heard at n/24,000 s, frame n is seen at n/25 s.
"""

import json
from fractions import Fraction
from types import TracebackType

import av
import numpy as np
from numpy.typing import NDArray

from app.errors import Unavailable
from app.film.viewer import RATE, Samples

WIDTH, HEIGHT, FPS = 720, 1280, 25
AUDIO_RATE = 48_000  # Hz; what platforms take
VIDEO_BITS, AUDIO_BITS = 2_500_000, 128_000  # a second
KEY_EVERY = 2 * FPS  # frames; platforms ask for a key frame every two seconds
GIVE_UP = 8.0  # seconds an ingest may take to answer or to accept bytes


def aigc_mark(*, producer: str, produced: str) -> str:
    """The implicit mark of AI-made files: the value of the metadata field `AIGC` (GB 45438-2025, Annex E).

    Label 1 means "is AI-made". The reserved codes are for a producer's own integrity checks; we make none.
    """
    block = {
        "Label": "1",
        "ContentProducer": producer,
        "ProduceID": produced,
        "ReservedCode1": "",
        "ContentPropagator": producer,
        "PropagateID": produced,
        "ReservedCode2": "",
    }
    return json.dumps(block, ensure_ascii=False)


class Output:
    """One open container. Raises Unavailable when the place cannot be written or goes away."""

    def __init__(self, place: str, *, mark: str) -> None:
        stream = place.startswith(("rtmp://", "rtmps://"))
        options = {"flvflags": "no_duration_filesize"} if stream else {"movflags": "+faststart+use_metadata_tags"}
        self._container = av.open(
            place, "w", format="flv" if stream else "mp4", container_options=options, timeout=GIVE_UP
        )
        self._container.metadata["AIGC"] = mark
        self._video = self._container.add_stream("libx264", rate=FPS)
        self._video.width, self._video.height, self._video.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        self._video.bit_rate, self._video.gop_size = VIDEO_BITS, KEY_EVERY
        self._video.codec_context.time_base = Fraction(1, FPS)
        self._video.codec_context.max_b_frames = 0
        self._video.options = {"preset": "veryfast", "tune": "zerolatency" if stream else "animation"}
        self._video.codec_context.thread_count = 1
        self._audio = self._container.add_stream("aac", rate=AUDIO_RATE, layout="stereo")
        self._audio.bit_rate = AUDIO_BITS
        self._resampler = av.AudioResampler(format="fltp", layout="stereo", rate=AUDIO_RATE)
        self._samples = 0
        try:
            self._container.start_encoding()  # connects, and writes the head
        except (OSError, av.FFmpegError) as problem:
            raise Unavailable(f"{'ingest' if stream else 'film'}: wanted it open, found {_plain(problem)}") from problem

    def sound(self, pcm: Samples) -> None:
        """Append samples at 24 kHz."""
        both = np.stack([pcm, pcm])  # by hand: a resampler that makes two channels of one takes 3 dB away
        frame = av.AudioFrame.from_ndarray(both, format="fltp", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = RATE, self._samples, Fraction(1, RATE)
        self._samples += len(pcm)
        for made in self._resampler.resample(frame):
            self._write(self._audio, made)

    def picture(self, rgb: NDArray[np.uint8], number: int) -> None:
        """The picture (H, W, 3) of frame `number`; numbers may be skipped, never repeated."""
        frame = av.VideoFrame.from_ndarray(rgb, format="rgb24")
        frame.pts, frame.time_base = number, Fraction(1, FPS)
        self._write(self._video, frame)

    def _write(self, stream: "av.VideoStream | av.AudioStream", frame: "av.VideoFrame | av.AudioFrame | None") -> None:
        try:
            self._container.mux(stream.encode(frame))
        except (OSError, av.FFmpegError) as problem:
            raise Unavailable(f"film: wanted to write on, found {_plain(problem)}") from problem

    def close(self) -> None:
        """Write what the encoders still hold, and the file's end."""
        try:
            for made in self._resampler.resample(None):
                self._write(self._audio, made)
            self._write(self._audio, None)
            self._write(self._video, None)
        finally:
            self._shut()

    def _shut(self) -> None:
        try:
            self._container.close()
        except (OSError, av.FFmpegError) as problem:
            raise Unavailable(f"film: wanted it closed, found {_plain(problem)}") from problem

    def __enter__(self) -> "Output":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, what: BaseException | None, where: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
            return
        try:
            self._container.close()
        except (OSError, av.FFmpegError):
            return  # the first problem is on its way to whoever asked


def _plain(problem: Exception) -> str:
    """What went wrong, without the address: it may hold a stream key."""
    return f"{type(problem).__name__}: {getattr(problem, 'strerror', None) or 'no reason given'}"
