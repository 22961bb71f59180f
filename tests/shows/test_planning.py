"""Planning: what a form may say, how a show is timed, and what a change changes."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.access.service import SAMPLE
from app.catalogue.service import Catalogue
from app.database import Database
from app.errors import BadInput
from app.shows.export import subtitles
from app.shows.pages import wish_of
from app.shows.service import Shows
from app.shows.timeline import changes, rundown_of, stops
from app.shows.words_diff import difference
from scripts_gen.rundown import DISCLOSURE_EVERY, turns
from tests.shows.conftest import SHOW, wish


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", "x" * 121),
        ("title", "a\x00b"),
        ("lang", "fr"),
        ("host", "nobody"),
        ("voice", "af_heart"),
        ("theme", "url(x)"),
        ("background", "red"),
        ("minutes", 0),
        ("minutes", 10_000),
        ("duty", ""),
        ("products", ()),
        ("goals", {"x": "steal"}),
    ],
)
async def test_a_show_is_refused_with_the_field_that_is_wrong(
    seeded: Database, shows: Shows, field: str, value: object
) -> None:
    wanted = await wish(seeded)
    with pytest.raises(BadInput) as refused:
        await shows.create(SAMPLE, replace(wanted, **{field: value}))  # type: ignore[arg-type]
    assert refused.value.field in (field, field.removesuffix("s"))


async def test_products_in_another_language_do_not_fit(seeded: Database, shows: Shows) -> None:
    english = next(item.id for item in await Catalogue(seeded).products(SAMPLE) if item.lang == "en")
    with pytest.raises(BadInput, match="language"):
        await shows.create(SAMPLE, await wish(seeded, products=(english,)))


def test_the_form_keeps_the_order_and_ignores_goals_of_others() -> None:
    wanted = wish_of({"products": "b, a,", "goals": "a=push,c=clear", "minutes": "45", "title": " x  y "}, "Lin")
    assert (wanted.products, wanted.goals, wanted.minutes, wanted.title, wanted.duty) == (
        ("b", "a"),
        {"a": "push"},
        45,
        "x y",
        "Lin",
    )
    with pytest.raises(BadInput, match="minutes"):
        wish_of({"minutes": "soon"}, "Lin")


async def test_the_timeline_fills_the_minutes_and_discloses_every_ten(seeded: Database, shows: Shows) -> None:
    plan = await shows.plan(SAMPLE, await shows.create(SAMPLE, await wish(seeded, 5, minutes=30)))
    rundown = rundown_of(plan, 4.0)
    assert rundown is not None
    blocks = stops(plan, rundown)
    assert 30 * 60 - 120 < rundown.seconds < 30 * 60 + 180
    assert (blocks[0].kind, blocks[-1].kind) == ("welcome", "closing")
    told = [stop.starts for stop in blocks if stop.kind in ("welcome", "disclosure")]
    assert all(after - before <= DISCLOSURE_EVERY for before, after in itertools.pairwise(told))
    assert all(
        abs(stop.starts + stop.seconds - following.starts) < 0.01 for stop, following in itertools.pairwise(blocks)
    )


async def test_a_slower_voice_says_less_in_the_same_time(seeded: Database, shows: Shows) -> None:
    plan = await shows.plan(SAMPLE, SHOW)
    slow, quick = rundown_of(plan, 3.0), rundown_of(plan, 6.0)
    assert slow is not None and quick is not None
    assert len(slow.blocks) < len(quick.blocks)


async def test_a_changed_plan_tells_what_changed(seeded: Database, shows: Shows) -> None:
    wanted = await wish(seeded, 4)
    show = await shows.create(SAMPLE, wanted)
    first, second, third, fourth = wanted.products
    await shows.change(
        SAMPLE, show, replace(wanted, minutes=60, products=(second, first, third), goals={third: "push"})
    )
    plan = await shows.plan(SAMPLE, show)
    known = {product.id: product for product in await Catalogue(seeded).products(SAMPLE)}
    rundown = rundown_of(plan, None)
    assert rundown is not None
    found = changes(plan, rundown, known, None)
    assert found is not None and found.minutes == (30, 60)
    moved = {each.product: each for each in found.moved}
    assert moved[first].place == (1, 2) and moved[second].place == (2, 1)
    assert moved[fourth].place == (4, None)
    assert moved[third].goal == ("", "push")
    assert moved[third].turns[1] > moved[third].turns[0]


async def test_saving_the_same_plan_changes_nothing(seeded: Database, shows: Shows) -> None:
    wanted = await wish(seeded)
    show = await shows.create(SAMPLE, wanted)
    await shows.change(SAMPLE, show, replace(wanted, title="别的名字"))
    assert (await shows.plan(SAMPLE, show)).before is None


@given(st.lists(st.text("abcdefgh", min_size=1, max_size=2), min_size=1, max_size=8, unique=True), st.data())
def test_pushed_products_come_twice_and_never_follow_themselves(names: list[str], data: st.DataObject) -> None:
    pushed = data.draw(st.sets(st.sampled_from(names)))
    order = turns(names, dict.fromkeys(pushed, "push"))
    assert list(dict.fromkeys(name for name in order if name not in pushed)) == [n for n in names if n not in pushed]
    if len(names) >= 3:
        assert all(order.count(name) == (2 if name in pushed else 1) for name in names)
        assert all(one != other for one, other in itertools.pairwise(order))


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_difference_holds_both_texts(before: str, after: str) -> None:
    pieces = difference(before, after)
    assert "".join(piece.text for piece in pieces if piece.state != "new") == before
    assert "".join(piece.text for piece in pieces if piece.state != "gone") == after


async def test_subtitles_begin_with_the_ai_label_and_never_overlap(shows: Shows) -> None:
    text = subtitles(await shows.scripts.blocks(SAMPLE, SHOW), "zh", 4.0, label="主播由AI生成。")
    cues = text.strip().split("\n\n")
    assert cues[0] == "1\n00:00:00,000 --> 00:00:03,000\n主播由AI生成。"
    times = [cue.split("\n")[1].split(" --> ") for cue in cues]
    assert all(start < end for start, end in times)
    assert all(before[1] == after[0] for before, after in itertools.pairwise(times))
