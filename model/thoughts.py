"""Takes the thinking of reasoning models out of a stream: what stands between <think> and </think> is not an answer."""

_OPEN, _CLOSE = "<think>", "</think>"


class Thoughts:
    """Feed pieces, get the pieces without thinking; marks may be split between pieces."""

    def __init__(self) -> None:
        """Begin outside of thinking."""
        self._held = ""
        self._inside = False

    def feed(self, piece: str) -> str:
        """What is certain to be answer."""
        self._held += piece
        out = ""
        while True:
            mark = _CLOSE if self._inside else _OPEN
            before, found, after = self._held.partition(mark)
            if not found:
                break
            out += "" if self._inside else before
            self._held, self._inside = after, not self._inside
        kept = next((n for n in range(len(mark) - 1, 0, -1) if self._held.endswith(mark[:n])), 0)
        if not self._inside:
            out += self._held[: len(self._held) - kept]
        self._held = self._held[len(self._held) - kept :]
        return out

    def finish(self) -> str:
        """What was held back for a mark that never came; a thought that never ended is dropped."""
        rest, self._held = ("" if self._inside else self._held), ""
        return rest
