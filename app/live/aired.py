"""Clips that were sent lately, by the hash of their sound, for pages that come late."""

from collections import OrderedDict

from avatar.clips import Clip

KEPT = 400  # clips, about 6 MB; the loser is the one aired longest ago


class Aired:
    """Immutable Ogg Opus clips by SHA-256; the hash is the address and cannot be guessed."""

    def __init__(self) -> None:
        self._clips: OrderedDict[str, bytes] = OrderedDict()

    def keep(self, clip: Clip) -> str:
        """Keep the clip; its address."""
        self._clips[clip.sha256] = clip.opus
        self._clips.move_to_end(clip.sha256)
        while len(self._clips) > KEPT:
            self._clips.popitem(last=False)
        return f"/overlay/clips/{clip.sha256}.ogg"

    def sound(self, sha256: str) -> bytes | None:
        """The clip's bytes, if it was aired lately."""
        return self._clips.get(sha256)
