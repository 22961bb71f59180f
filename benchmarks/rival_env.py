"""The rival's own environment: llama.cpp through llama-cpp-python, built from its source package for this machine."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

VERSION = "0.3.36"
# Only the library: no server, examples or picture models. NATIVE uses every instruction of this processor.
_CMAKE = (
    "-DGGML_NATIVE=ON -DLLAVA_BUILD=OFF -DMTMD_BUILD=OFF -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF "
    "-DLLAMA_BUILD_TOOLS=OFF -DLLAMA_BUILD_SERVER=OFF"
)


class CannotBuild(Exception):
    """Says what is missing and the line that mends it."""


def rival_python(cache: Path) -> Path:
    """The interpreter of the environment, made on first use (about ten minutes). Raises CannotBuild."""
    folder = cache / "bench" / f"llama-cpp-python-{VERSION}"
    python = folder / "bin" / "python"
    if python.is_file():
        return python
    if shutil.which("c++") is None and shutil.which("g++") is None:
        raise CannotBuild("a C++ compiler is missing; on Debian: apt-get install -y build-essential")
    print(f"building llama-cpp-python {VERSION} into {folder}", file=sys.stderr, flush=True)
    making = folder.with_name(folder.name + ".making")
    shutil.rmtree(making, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", str(making)], check=True)
    pin = f"llama-cpp-python=={VERSION}"
    done = subprocess.run(
        [str(making / "bin" / "python"), "-m", "pip", "install", "-q", "--no-binary", "llama-cpp-python", pin],
        env={**os.environ, "CMAKE_ARGS": _CMAKE, "CMAKE_BUILD_PARALLEL_LEVEL": "2"},
    )
    if done.returncode:
        raise CannotBuild(f"pip could not build {pin}; its words are above")
    making.rename(folder)  # python -m works from the new place; the scripts in bin/ are not used
    return python
