"""The mailbox: crew before crowd, and a flood forgets what matters least."""

from app.events import CommentHeard, CrewPressed
from app.live.mailbox import CREW_BOUND, CROWD_BOUND, Mailbox
from app.live.show import Tick
from tests.live.fakes import comment


async def everything(box: Mailbox) -> list[object]:
    return [await box.take() for _ in range(len(box))]


async def test_the_crew_goes_before_the_crowd():
    box = Mailbox()
    box.put(comment("多少钱", 0.0))
    box.put(CrewPressed(button="kill", by="x"))
    assert isinstance(await box.take(), CrewPressed)
    assert isinstance(await box.take(), CommentHeard)


async def test_a_flood_keeps_the_purchase_questions_and_counts_what_it_forgot():
    box = Mailbox()
    for number in range(CROWD_BOUND):
        kind = "like" if number % 2 else "comment"
        box.put(comment("哈哈哈", 0.0, number=number, kind=kind))
    for number in range(100):
        box.put(comment("多少钱", 0.0, number=f"p{number}"))
    kept = await everything(box)
    assert len(kept) == CROWD_BOUND
    assert sum(1 for item in kept if isinstance(item, CommentHeard) and item.text == "多少钱") == 100
    assert box.forgotten == 100
    assert sum(1 for item in kept if isinstance(item, CommentHeard) and item.crowd_kind == "like") == 150


async def test_the_crew_lane_is_bounded_too():
    box = Mailbox()
    for _ in range(CREW_BOUND + 10):
        box.put(Tick())
    box.put(CrewPressed(button="kill", by="x"))
    kept = await everything(box)
    assert len(kept) == CREW_BOUND
    assert isinstance(kept[-1], CrewPressed)
