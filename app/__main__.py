"""`python -m app COMMAND`: the studio's command line; `./zhubo` calls this after setting everything up."""

import sys

from app.commands.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
