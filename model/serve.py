"""The model in a process of its own.

`python -m model.serve --socket PATH --weights DIR [--delta FILE] [--threads 2]` prints `ready` when it can answer on
the Unix socket and ends when its standard input closes, which happens when its parent dies. `model.server` says what
is spoken there.
"""

import argparse
import asyncio
import os
from pathlib import Path


def main() -> None:
    """Entry point of `python -m model.serve`."""
    parser = argparse.ArgumentParser(description="Serve the embedded language model on a Unix socket.")
    parser.add_argument("--socket", type=Path, required=True)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--delta", type=Path, help="what training added; without it the donor answers")
    parser.add_argument("--threads", type=int, default=2)
    wanted = parser.parse_args()
    wanted.socket.unlink(missing_ok=True)  # left by a process that was killed

    # Threads that wait for one another sleep instead of spinning. Measured on two cores shared with ten other
    # processes, median of a token with two threads: 1,610 ms spinning, 340 ms sleeping. OpenMP reads this once, when
    # torch is loaded, so torch must not be imported before this line.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    import torch

    from model import server

    torch.set_num_threads(wanted.threads)
    asyncio.run(server.run(wanted.weights, wanted.delta, wanted.socket))


if __name__ == "__main__":
    main()
