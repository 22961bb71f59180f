"""The contracts of the code itself: style, types, direction of imports, nothing that must not be in a commit."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
LARGEST = 45 * 1024 * 1024  # bytes of one committed file


@pytest.mark.parametrize(
    "argv",
    [
        ["ruff", "check", "--quiet", "."],
        ["ruff", "format", "--check", "--quiet", "."],
        ["mypy"],
        ["lint-imports"],
    ],
    ids=["ruff", "format", "mypy", "imports"],
)
def test_the_code_keeps_its_contracts(argv: list[str]) -> None:
    done = subprocess.run([BIN / argv[0], *argv[1:]], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def _tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def test_no_registry_host_and_no_machine_path_is_committed() -> None:
    hosts = ("py" + r"pi\.org", "python" + r"hosted", "npm" + r"js\.(org|com)", "js" + "delivr", "un" + r"pkg\.com")
    wrong = re.compile("|".join((*hosts, r"/ro" + r"ot/", r"/ho" + r"me/[a-z]+/", r"/wo" + r"rk/(main|shared)")))
    found = []
    for path in _tracked():
        text = path.read_bytes()
        if b"\0" not in text and (match := wrong.search(text.decode("utf-8", "replace"))):
            found.append(f"{path.relative_to(ROOT)}: {match.group()}")
    assert found == []


def test_no_committed_file_is_too_large() -> None:
    assert [path.name for path in _tracked() if path.stat().st_size > LARGEST] == []


def test_top_level_packages_are_exactly_the_six_rooms() -> None:
    packages = {path.relative_to(ROOT).parts[0] for path in _tracked() if path.suffix == ".py"} - {"benchmarks"}
    assert packages == {"app", "model", "avatar", "scripts_gen", "web", "tests"}
