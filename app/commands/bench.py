"""`bench`: our parts measured, the model beside a named rival; the work is done in benchmarks/."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from app.commands.run import prepare
from app.settings import Settings

ROOT = Path(__file__).parents[2]


def bench_model_command(settings: Settings, given: Sequence[str]) -> int:
    """Run benchmarks/model.py with the studio's own files; returns its exit code."""
    prepare(settings)
    return subprocess.run([sys.executable, "-m", "benchmarks.model", *given], cwd=ROOT).returncode


def bench_speech_command(settings: Settings, given: Sequence[str]) -> int:
    """Run benchmarks/speech.py with the studio's own files; returns its exit code."""
    prepare(settings)
    return subprocess.run([sys.executable, "-m", "benchmarks.speech", *given], cwd=ROOT).returncode
