"""What must be true before a real show begins, item by item, as plain rules (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from app.live.policy import Policy, Restricted
from app.shows.plan import ShowPlan

Topic = Literal["facts", "stock", "script", "voice", "model", "label", "duty", "platform", "rules", "restricted"]
State = Literal["ok", "warn", "missing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of the checklist: `code` says which sentence describes it, `names` fills that sentence."""

    topic: Topic
    state: State
    code: str
    names: tuple[str, ...] = ()
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """What the rules look at. `health` holds ok | starting | down by part."""

    plan: ShowPlan
    health: Mapping[str, str]
    duty: str
    label_by: str
    policy: Policy | None
    rules_by: str
    restricted: tuple[Restricted, ...]
    restricted_by: str
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """All items in the order they are read."""

    items: tuple[Item, ...] = field(default=())

    @property
    def missing(self) -> tuple[Item, ...]:
        """What stands in the way of a real show."""
        return tuple(item for item in self.items if item.state == "missing")

    @property
    def ready(self) -> bool:
        """Whether a real show may begin."""
        return not self.missing


def checklist(seen: Readiness) -> Checklist:
    """The checklist of a show as things stand."""
    return Checklist(
        items=(
            _facts(seen.plan),
            _stock(seen.plan),
            _script(seen.plan),
            _voice(seen.health),
            _model(seen.health),
            _confirmed("label", seen.label_by),
            _confirmed("duty", seen.duty),
            _platform(seen),
            _rules(seen),
            _restricted(seen),
        )
    )


def _facts(plan: ShowPlan) -> Item:
    if not plan.products:
        return Item(topic="facts", state="missing", code="no_products", link=f"/shows/{plan.id}")
    open_ones = [product for product in plan.products if not product.confirmed]
    if open_ones:
        names = tuple(product.title for product in open_ones)
        return Item(topic="facts", state="missing", code="facts_open", names=names, link=f"/shows/{plan.id}/facts")
    return Item(topic="facts", state="ok", code="facts_ok", names=(str(len(plan.products)),))


def _stock(plan: ShowPlan) -> Item:
    """A show passes over what is sold out; who plans it should know before the viewers do."""
    gone = tuple(product.title for product in plan.products if product.sold_out)
    if not gone:
        return Item(topic="stock", state="ok", code="stock_ok")
    link = f"/shows/{plan.id}#sold-out"
    if len(gone) == len(plan.products):
        return Item(topic="stock", state="missing", code="stock_all", link=link)
    return Item(topic="stock", state="warn", code="stock_gone", names=gone, link=link)


def _script(plan: ShowPlan) -> Item:
    without = [
        product for product in plan.products if product.id not in plan.scripts or not plan.scripts[product.id].segments
    ]
    if without:
        names = tuple(product.title for product in without)
        return Item(topic="script", state="missing", code="script_open", names=names, link=f"/shows/{plan.id}/script")
    return Item(topic="script", state="ok", code="script_ok")


def _voice(health: Mapping[str, str]) -> Item:
    state = health.get("voice", "starting")
    return Item(topic="voice", state="ok" if state == "ok" else "missing", code=f"voice_{state}", link="")


def _model(health: Mapping[str, str]) -> Item:
    """Without the model the host still answers from confirmed facts, in fixed words."""
    state = health.get("model", "starting")
    return Item(topic="model", state="ok" if state == "ok" else "warn", code=f"model_{state}")


def _confirmed(topic: Literal["label", "duty"], by: str) -> Item:
    if not by.strip():
        return Item(topic=topic, state="missing", code=f"{topic}_open", link="#prepare")
    return Item(topic=topic, state="ok", code=f"{topic}_ok", names=(by,))


def _platform(seen: Readiness) -> Item:
    policy = seen.policy
    if policy is None:
        return Item(topic="platform", state="missing", code="platform_open", link="#prepare")
    if policy.verdict == "refuse":
        return Item(
            topic="platform", state="missing", code="platform_refuses", names=(policy.platform,), link="#policy"
        )
    return Item(topic="platform", state="ok", code="platform_ok", names=(policy.platform,))


def _rules(seen: Readiness) -> Item:
    """Where the platform sets conditions, or our entry is old, a person says that they have read the rules."""
    policy = seen.policy
    if policy is None or policy.verdict == "refuse":
        return Item(topic="rules", state="missing", code="rules_no_platform", link="#prepare")
    stale = policy.stale(seen.today)
    if policy.verdict == "allow" and not stale:
        return Item(topic="rules", state="ok", code="rules_none")
    if not seen.rules_by:
        return Item(topic="rules", state="missing", code="rules_stale" if stale else "rules_open", link="#policy")
    return Item(
        topic="rules", state="warn" if stale else "ok", code="rules_read", names=(seen.rules_by,), link="#policy"
    )


def _restricted(seen: Readiness) -> Item:
    if not seen.restricted:
        return Item(topic="restricted", state="ok", code="restricted_none")
    names = tuple(item.title for item in seen.restricted)
    if not seen.restricted_by:
        return Item(topic="restricted", state="missing", code="restricted_open", names=names, link="#restricted")
    return Item(topic="restricted", state="warn", code="restricted_allowed", names=(seen.restricted_by, *names))
