"""From a published GGUF file to our own folder of weights, once.

The work itself is done by `model.convert` in a process of its own: whoever asks for weights (the studio, the
launcher) needs neither torch nor the memory that converting takes.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

FORMAT = 2  # raise it when what `model.convert` writes changes
WEIGHTS, CONFIG, TOKENIZER, ORIGIN = "weights.safetensors", "config.json", "tokenizer.json", "origin.json"
_ABANDONED = 3600.0  # seconds; converting takes one minute
_BLOCK = 1 << 22  # bytes hashed at a time


class NotADonor(ValueError):
    """The file is not a GGUF model of the Qwen2 family."""


def prepare(
    gguf_path: Path, cache: Path, progress: Callable[[str, float], None], *, verified: str | None = None
) -> Path:
    """Convert `gguf_path` into a folder under `cache` and return that folder; reuse it when it is there.

    The folder's name holds the file's sha256 and the format version, so another file or another version of this
    code never meets stale weights. It appears whole or not at all. `progress` hears a step's name and a part 0..1.
    A caller that has verified the file already hands its sha256 in as `verified`; else it is computed here.
    Raises NotADonor for a file of another kind, OSError where reading or writing fails.
    """
    digest = verified or _sha256(gguf_path, progress)
    done = cache / f"{digest[:16]}-v{FORMAT}"
    if (done / ORIGIN).is_file():
        return done
    cache.mkdir(parents=True, exist_ok=True)
    for left in cache.glob("preparing-*"):  # by a preparation that was killed
        if time.time() - left.stat().st_mtime > _ABANDONED:
            shutil.rmtree(left, ignore_errors=True)
    work = Path(tempfile.mkdtemp(prefix="preparing-", dir=cache))
    try:
        _convert(gguf_path, work, progress)
        origin = {"file": gguf_path.name, "sha256": digest, "format": FORMAT}
        (work / ORIGIN).write_text(json.dumps(origin) + "\n", encoding="utf-8")
        try:
            work.replace(done)
        except OSError:
            if not (done / ORIGIN).is_file():  # somebody else's finished folder is as good as ours
                raise
    finally:
        shutil.rmtree(work, ignore_errors=True)
    for older in cache.glob(f"{digest[:16]}-v*"):
        if older != done:
            shutil.rmtree(older, ignore_errors=True)
    return done


def sha256_of(folder: Path) -> str:
    """The sha256 of the file that a folder made by `prepare` came from."""
    return str(json.loads((folder / ORIGIN).read_text("utf-8"))["sha256"])


def _sha256(path: Path, progress: Callable[[str, float], None]) -> str:
    size, seen, digest = max(path.stat().st_size, 1), 0, hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            seen += len(block)
            progress("verify", seen / size)
    return digest.hexdigest()


def _convert(gguf_path: Path, folder: Path, progress: Callable[[str, float], None]) -> None:
    argv = [sys.executable, "-m", "model.convert", str(gguf_path), str(folder)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        if process.stdout is None or process.stderr is None:
            raise OSError("expected pipes to the converting process, found none")
        try:
            for line in process.stdout:
                step, part = line.split()
                progress(step, float(part))
            said = process.stderr.read().strip()
        except BaseException:
            process.kill()  # whoever interrupts us does not want the weights
            raise
    last = said.splitlines()[-1] if said else "no word of why"
    if process.returncode == 2:
        raise NotADonor(last)
    if process.returncode:
        raise OSError(f"expected {gguf_path.name} to be converted, but the converter ended with {last}")
