"""Where comments come from: a port that webhooks, replays, simulated crowds and platforms match by shape."""

from collections.abc import AsyncGenerator
from typing import Protocol

from app.events import CommentHeard


class CommentSource(Protocol):
    """Anything that hears a crowd. Lossy by contract: it may repeat an event and may miss one."""

    def comments(self) -> AsyncGenerator[CommentHeard, None]:
        """Events as they happen, until the source ends or the generator is closed."""
        ...
