"""The way from a viewer to a paid order (pure). A step that no source tells is None: no data, never a guess."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

StepName = Literal["exposure", "enter", "product_exposure", "click", "ordered", "paid"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """How many came so far. `share` is 0..1 of the last step before it that has data and is not smaller."""

    name: StepName
    count: int | None
    share: float | None


def funnel_of(*, entered: Sequence[str], clicks: int | None, ordered: int, paid: int) -> tuple[Step, ...]:
    """The six steps.

    Entering is told by sources that send `enter` (different viewers are counted); clicks are those on our own short
    links; exposures are told by no source that the studio has.
    """
    counts: list[tuple[StepName, int | None]] = [
        ("exposure", None),
        ("enter", len(set(entered)) or None),
        ("product_exposure", None),
        ("click", clicks),
        ("ordered", ordered),
        ("paid", paid),
    ]
    steps: list[Step] = []
    before: int | None = None
    for name, count in counts:
        share = count / before if count is not None and before and count <= before else None
        steps.append(Step(name=name, count=count, share=share))
        before = before if count is None else count
    return tuple(steps)
