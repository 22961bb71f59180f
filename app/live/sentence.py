"""A sentence on its way to the mouth."""

from dataclasses import dataclass

from app.events import CommentId, LineKind, ProductId


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence to be said; `template` may hold the price slot. `own_words` is False for acknowledgements.

    `approved` marks the room's own fixed wording, which is its own evidence at the gate.
    """

    template: str
    kind: LineKind
    product: ProductId | None
    block: str = ""
    comment: CommentId | None = None
    model: str = ""
    reviewer: str = ""
    approved: bool = False
    own_words: bool = True
    answerable: bool = True

    @property
    def ample(self) -> bool:
        """Whether it comes from the rundown, whose clips are made ahead and may be long."""
        return self.comment is None and bool(self.block)
