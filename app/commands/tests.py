"""`zhubo test`: fetch what the tests stand on, then run every one of them."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from app.commands.run import prepare, say
from app.settings import Settings

ROOT = Path(__file__).parents[2]


def test_command(settings: Settings, pytest_arguments: Sequence[str]) -> int:
    """Run pytest in the project's folder; its closing line is the last one printed. Returns pytest's exit code."""
    prepare(settings)
    say("running the tests")
    return subprocess.run([sys.executable, "-m", "pytest", *pytest_arguments], cwd=ROOT).returncode
