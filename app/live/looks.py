"""How an overlay page may look: a fixed list of layouts, themes and backgrounds; no free text reaches its styles."""

from dataclasses import dataclass
from urllib.parse import urlencode

from app.shows.cast import BACKGROUNDS, THEMES

LAYOUTS = ("auto", "portrait", "landscape")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look; what is not in the lists has become the first of its list."""

    layout: str
    theme: str
    background: str

    @classmethod
    def of(cls, layout: str, theme: str, background: str) -> "Look":
        """The look nearest to what was asked for."""
        return cls(
            layout=layout if layout in LAYOUTS else LAYOUTS[0],
            theme=theme if theme in THEMES else THEMES[0],
            background=background if background in BACKGROUNDS else BACKGROUNDS[0],
        )

    @property
    def query(self) -> str:
        """What follows the address, empty for the plain look."""
        chosen = (("layout", self.layout, LAYOUTS), ("theme", self.theme, THEMES), ("bg", self.background, BACKGROUNDS))
        query = urlencode([(name, value) for name, value, all_ in chosen if value != all_[0]])
        return f"?{query}" if query else ""
