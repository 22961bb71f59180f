"""A circuit breaker as plain rules: time is an argument."""

from collections import deque
from dataclasses import dataclass, field

FAILURES = 3
WITHIN = 30.0  # seconds in which so many failures open the circuit
PAUSE = 20.0  # seconds before one call may try again


@dataclass(slots=True)
class Breaker:
    """Closed: every call may go. Open after FAILURES within WITHIN: none, until PAUSE is over and one tries for all."""

    _failed: deque[float] = field(default_factory=deque)
    _opened: float | None = None
    _trying: bool = False

    @property
    def open(self) -> bool:
        """Whether calls are held back."""
        return self._opened is not None

    def allows(self, now: float) -> bool:
        """Whether a call may go; when it does, tell `worked`, `failed` or `let_go` afterwards."""
        if self._opened is None:
            return True
        if self._trying or now - self._opened < PAUSE:
            return False
        self._trying = True
        return True

    def worked(self) -> None:
        """A call succeeded."""
        self._failed.clear()
        self._opened, self._trying = None, False

    def failed(self, now: float) -> None:
        """A call failed."""
        if self._opened is not None:
            if self._trying:
                self._opened, self._trying = now, False
            return  # a call from before the circuit opened says nothing new
        self._failed.append(now)
        while now - self._failed[0] > WITHIN:
            self._failed.popleft()
        if len(self._failed) >= FAILURES:
            self._opened = now

    def let_go(self) -> None:
        """A call was given up by its asker before it told anything."""
        self._trying = False
