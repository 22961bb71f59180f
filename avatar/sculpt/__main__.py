"""`python -m avatar.sculpt --host lan --out DIR [--sheet FILE]`: sculpt, light and bake a host.

Needs the extra `design`; nothing here runs in the studio.
"""

import argparse
from pathlib import Path

from avatar.sculpt.bake import bake
from avatar.sculpt.looks import LOOKS
from avatar.sculpt.sheet import contact_sheet


def main() -> None:
    """Bake one host, and draw its contact sheet when asked; `--only-sheet` draws the sheet of a baked one."""
    parser = argparse.ArgumentParser(prog="python -m avatar.sculpt", description=main.__doc__)
    parser.add_argument("--host", choices=sorted(LOOKS), required=True)
    parser.add_argument("--out", type=Path, required=True, help="folder of the atlas, e.g. web/static/hosts/lan")
    parser.add_argument("--sheet", type=Path, help="contact sheet to draw, e.g. docs/img/host-lan.webp")
    parser.add_argument("--only-sheet", action="store_true", help="do not bake, draw the sheet only")
    asked = parser.parse_args()
    if not asked.only_sheet:
        bake(LOOKS[asked.host], asked.out)
    if asked.sheet:
        contact_sheet(asked.out, asked.sheet)


if __name__ == "__main__":
    main()
