"""A show's timeline as pages tell it, and what changed since it was planned before (pure)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.catalogue.product import Product
from app.events import ProductId
from app.live.shelf import today
from app.shows.plan import ShowPlan
from scripts_gen.rundown import Block, Rundown, Shelf, plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A block of the timeline; `turn` counts how often its product has come, from 1."""

    kind: str
    product: Product | None
    starts: float
    seconds: float
    turn: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A product's place before and now, with its first start in seconds; None where it is not in the show."""

    product: ProductId
    place: tuple[int | None, int | None]
    starts: tuple[float | None, float | None]
    turns: tuple[int, int]
    goal: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """The difference of two plans."""

    minutes: tuple[int, int]
    moved: tuple[Moved, ...]


def rundown_of(
    show: ShowPlan,
    pace: float | None,
    *,
    minutes: int | None = None,
    products: Sequence[Product] | None = None,
    goals: Mapping[ProductId, str] | None = None,
) -> Rundown | None:
    """The timed blocks of the show, or of another order of it; None while nothing can be sold."""
    shelf = [
        Shelf(product=product.id, facts=today(product), script=show.scripts.get(product.id), sold_out=product.sold_out)
        for product in (show.products if products is None else products)
    ]
    if all(item.sold_out for item in shelf):
        return None
    named: Mapping[str, str] = {str(name): goal for name, goal in (show.goals if goals is None else goals).items()}
    return plan(shelf, (minutes or show.minutes) * 60, show.lang, goals=named, pace=pace)


def stops(show: ShowPlan, rundown: Rundown) -> list[Stop]:
    """The blocks with their products."""
    by_id = {product.id: product for product in show.products}
    came: dict[str, int] = {}
    found: list[Stop] = []
    for block in rundown.blocks:
        name = block.product or ""
        came[name] = came.get(name, 0) + 1
        found.append(
            Stop(
                kind=block.kind,
                product=by_id.get(ProductId(name)),
                starts=block.starts,
                seconds=block.seconds,
                turn=came[name],
            )
        )
    return found


def changes(show: ShowPlan, now: Rundown, known: Mapping[ProductId, Product], pace: float | None) -> Changes | None:
    """What is different from the plan before the last change; None when nothing is, or it never changed.

    `known` are the shop's products, for those that left the show.
    """
    before = show.before
    if before is None:
        return None
    kept = [known[name] for name in before.products if name in known]
    old = rundown_of(show, pace, minutes=before.minutes, products=kept, goals=before.goals)
    old_blocks = old.blocks if old is not None else ()
    order = [product.id for product in show.products]
    moved: list[Moved] = []
    for name in dict.fromkeys([*order, *before.products]):
        found = Moved(
            product=name,
            place=(_place(before.products, name), _place(order, name)),
            starts=(_first(old_blocks, name), _first(now.blocks, name)),
            turns=(_turns(old_blocks, name), _turns(now.blocks, name)),
            goal=(before.goals.get(name, ""), show.goals.get(name, "")),
        )
        if found.place[0] != found.place[1] or found.turns[0] != found.turns[1] or found.goal[0] != found.goal[1]:
            moved.append(found)
    if before.minutes == show.minutes and not moved:
        return None
    return Changes(minutes=(before.minutes, show.minutes), moved=tuple(moved))


def _place(order: Sequence[ProductId], name: ProductId) -> int | None:
    return order.index(name) + 1 if name in order else None


def _first(blocks: Sequence[Block], name: ProductId) -> float | None:
    return next((block.starts for block in blocks if block.product == name), None)


def _turns(blocks: Sequence[Block], name: ProductId) -> int:
    return sum(block.product == name for block in blocks)
