"""A show's words: nothing unsupported is approved, nothing unapproved is spoken, no version is lost."""

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import update

from app.access.service import SAMPLE, Access
from app.catalogue.service import Catalogue
from app.catalogue.store import ProductRow, facts_to_row
from app.database import Database
from app.errors import BadInput, Conflict, NotFound
from app.events import ProductId, ShopId, ShowId
from app.shows.script_lines import Words
from app.shows.service import Shows
from scripts_gen.rundown import filled
from tests.shows.conftest import SHOW, wish

BAD = "这款全网最好，到手只要3.7元！"
PLAIN = "来，大家慢慢看，有想问的打在评论里。"


async def spoken(shows: Shows, block: str, *, rehearsal: bool = False) -> list[str]:
    plan = await shows.plan(SAMPLE, SHOW, rehearsal=rehearsal)
    return [segment.text for segment in plan.scripts[ProductId(block)].segments]


async def test_the_products_own_words_are_the_script_until_somebody_touches_it(shows: Shows, block: str) -> None:
    found = await shows.scripts.block(SAMPLE, SHOW, block)
    assert (found.version, found.why, len(found.lines)) == (0, "product", 8)
    assert found.approved
    assert len(await spoken(shows, block)) == 8


async def test_an_edited_line_is_a_new_version_that_nobody_has_approved(shows: Shows, block: str) -> None:
    assert await shows.scripts.edit(SAMPLE, SHOW, block, 1, PLAIN, "王姐", based_on=0) == 2
    found = await shows.scripts.block(SAMPLE, SHOW, block)
    assert [line.spoken for line in found.lines] == [False] + [True] * 7
    assert [(each.number, each.why, each.by) for each in await shows.scripts.versions(SAMPLE, SHOW, block)] == [
        (2, "edited", "王姐"),
        (1, "copied", "店主"),
    ]


async def test_a_real_show_says_only_approved_lines_and_a_rehearsal_all(shows: Shows, block: str) -> None:
    await shows.scripts.edit(SAMPLE, SHOW, block, 1, PLAIN, "王姐", based_on=0)
    assert PLAIN not in await spoken(shows, block)
    assert PLAIN in await spoken(shows, block, rehearsal=True)
    await shows.scripts.approve(SAMPLE, SHOW, block, "王姐", based_on=2, proof=True)
    assert PLAIN in await spoken(shows, block)
    line = (await shows.scripts.block(SAMPLE, SHOW, block)).lines[0]
    assert line.approval is not None and line.approval.by == "王姐"
    await shows.scripts.withdraw(SAMPLE, SHOW, block, "王姐")
    assert await spoken(shows, block) == []


async def test_words_without_a_fact_or_against_the_law_cannot_be_approved(shows: Shows, block: str) -> None:
    version = await shows.scripts.edit(SAMPLE, SHOW, block, 1, BAD, "王姐", based_on=0)
    with pytest.raises(Conflict, match=r"3\.7"):
        await shows.scripts.approve(SAMPLE, SHOW, block, "王姐", based_on=version, proof=True)
    line = (await shows.scripts.block(SAMPLE, SHOW, block)).lines[0]
    assert {problem.why for problem in line.verdict.problems} == {"no_fact", "banned"}
    await shows.scripts.approve_passing(SAMPLE, SHOW, "王姐")
    assert not (await shows.scripts.block(SAMPLE, SHOW, block)).lines[0].spoken


async def test_a_line_that_is_stopped_can_be_rewritten_and_then_approved(shows: Shows, block: str) -> None:
    version = await shows.scripts.edit(SAMPLE, SHOW, block, 1, BAD + PLAIN, "王姐", based_on=0)
    version = await shows.scripts.mend(SAMPLE, SHOW, block, [1], "王姐", based_on=version)
    found = await shows.scripts.block(SAMPLE, SHOW, block)
    assert found.lines[0].text == PLAIN
    assert (found.version, found.why) == (version, "rewritten")
    await shows.scripts.approve(SAMPLE, SHOW, block, "王姐", based_on=version, proof=True)
    assert (await shows.scripts.block(SAMPLE, SHOW, block)).approved


async def test_a_line_with_nothing_good_in_it_is_worded_from_the_facts(shows: Shows, block: str) -> None:
    await shows.scripts.edit(SAMPLE, SHOW, block, 1, BAD, "王姐", based_on=0)
    await shows.scripts.mend(SAMPLE, SHOW, block, None, "王姐", based_on=2)
    line = (await shows.scripts.block(SAMPLE, SHOW, block)).lines[0]
    assert line.verdict.ok and line.worded == "code"


async def test_todays_price_becomes_a_slot_and_follows_the_shelf(seeded: Database, shows: Shows, block: str) -> None:
    product = await Catalogue(seeded).product(SAMPLE, ProductId(block))
    assert product.price is not None
    text = filled("现在到手{price}。", product.price, None, product.currency, "zh") or ""
    await shows.scripts.edit(SAMPLE, SHOW, block, 1, text, "王姐", based_on=0)
    await shows.scripts.approve(SAMPLE, SHOW, block, "王姐", based_on=2, proof=True)
    assert (await shows.scripts.block(SAMPLE, SHOW, block)).lines[0].text == "现在到手{price}。"
    await Catalogue(seeded).set_price(SAMPLE, ProductId(block), Decimal("7.50"), None, "王姐")
    line = (await shows.scripts.block(SAMPLE, SHOW, block)).lines[0]
    assert line.spoken and line.verdict.shown == "现在到手7.5元。"


async def test_a_changed_fact_makes_its_line_need_another_look(seeded: Database, shows: Shows, block: str) -> None:
    product = await Catalogue(seeded).product(SAMPLE, ProductId(block))
    spec = product.facts.specs[0]
    await shows.scripts.edit(SAMPLE, SHOW, block, 1, f"{spec.name}写的是{spec.value}。", "王姐", based_on=0)
    await shows.scripts.approve(SAMPLE, SHOW, block, "王姐", based_on=2, proof=True)
    assert (await shows.scripts.block(SAMPLE, SHOW, block)).lines[0].spoken
    facts = replace(product.facts, specs=product.facts.specs[1:], evidence={}, confidence={})
    async with seeded.transaction() as db:
        await db.execute(
            update(ProductRow)
            .where(ProductRow.shop == SAMPLE, ProductRow.product == block)
            .values(facts=facts_to_row(facts))
        )
    line = (await shows.scripts.block(SAMPLE, SHOW, block)).lines[0]
    assert line.look_again and not line.spoken
    assert not any(spec.value in text for text in await spoken(shows, block))
    await shows.scripts.mend(SAMPLE, SHOW, block, None, "王姐", based_on=2)
    assert (await shows.scripts.block(SAMPLE, SHOW, block)).why == "facts_changed"


async def test_two_editors_of_one_version_do_not_overwrite_each_other(shows: Shows, block: str) -> None:
    await shows.scripts.edit(SAMPLE, SHOW, block, 1, PLAIN, "Ann", based_on=0)
    with pytest.raises(Conflict):
        await shows.scripts.edit(SAMPLE, SHOW, block, 1, "我来说一句。", "Ben", based_on=0)
    with pytest.raises(Conflict):
        await shows.scripts.approve(SAMPLE, SHOW, block, "Ben", based_on=0, proof=True)


async def test_versions_are_compared_by_words_and_restored_with_their_approval(shows: Shows, block: str) -> None:
    await shows.scripts.edit(SAMPLE, SHOW, block, 1, PLAIN, "王姐", based_on=0)
    await shows.scripts.edit(SAMPLE, SHOW, block, 1, PLAIN.replace("慢慢", "仔细"), "王姐", based_on=2)
    kind, pieces = (await shows.scripts.compare(SAMPLE, SHOW, block, 2, 3))[0]
    assert kind == "opening"
    assert [(piece.state, piece.text) for piece in pieces if piece.state != "same"] == [
        ("gone", "慢慢"),
        ("new", "仔细"),
    ]
    assert await shows.scripts.restore(SAMPLE, SHOW, block, 1, "王姐") == 4
    found = await shows.scripts.block(SAMPLE, SHOW, block)
    assert found.why == "restored" and found.approved


async def test_an_empty_line_and_half_a_character_are_refused(shows: Shows, block: str) -> None:
    for text in ("", " \n", "。。。", "x" * 501, "\0a", "\ud800a"):
        with pytest.raises(BadInput):
            await shows.scripts.edit(SAMPLE, SHOW, block, 1, text, "王姐", based_on=0)


async def test_marks_of_templates_and_pages_are_plain_words(shows: Shows, block: str) -> None:
    text = "{{7*7}} <script>alert(1)</script> ' OR 1=1-- 来看看。"
    await shows.scripts.edit(SAMPLE, SHOW, block, 1, text, "王姐", based_on=0)
    assert (await shows.scripts.block(SAMPLE, SHOW, block)).lines[0].text == text


async def test_a_block_keeps_at_least_one_line(shows: Shows, block: str) -> None:
    await shows.scripts.save(
        SAMPLE, SHOW, block, [Words(kind="opening", text=PLAIN, worded="person")] * 2, "edited", "王姐", based_on=0
    )
    assert await shows.scripts.leave_out(SAMPLE, SHOW, block, 2, "王姐", based_on=2) == 3
    with pytest.raises(BadInput):
        await shows.scripts.leave_out(SAMPLE, SHOW, block, 1, "王姐", based_on=3)


async def test_another_shop_reads_and_changes_no_word(seeded: Database, shows: Shows, block: str) -> None:
    other = ShopId("other")
    await Access(seeded).open_shop(other, "Other", owner="Wu", account="other")
    for question in (
        shows.scripts.blocks(other, SHOW),
        shows.scripts.edit(other, SHOW, block, 1, PLAIN, "Wu", based_on=0),
        shows.scripts.approve(other, SHOW, block, "Wu", based_on=0, proof=True),
        shows.scripts.approve_passing(other, SHOW, "Wu"),
        shows.scripts.versions(other, SHOW, block),
        shows.scripts.restore(other, SHOW, block, 0, "Wu"),
        shows.copy(other, SHOW, "mine"),
        shows.remove(other, SHOW),
    ):
        with pytest.raises(NotFound):
            await question
    assert await shows.scripts.standing(other) == {}


async def test_a_copy_has_its_own_words_and_the_same_approvals(shows: Shows, block: str) -> None:
    await shows.scripts.edit(SAMPLE, SHOW, block, 1, PLAIN, "王姐", based_on=0)
    await shows.scripts.approve(SAMPLE, SHOW, block, "王姐", based_on=2, proof=True)
    copy = await shows.copy(SAMPLE, SHOW, "再来一场")
    assert (await shows.scripts.block(SAMPLE, copy, block)).approved
    await shows.scripts.edit(SAMPLE, copy, block, 1, "换一句开场，来看看。", "王姐", based_on=1)
    assert (await shows.scripts.block(SAMPLE, SHOW, block)).lines[0].text == PLAIN
    await shows.remove(SAMPLE, copy)
    with pytest.raises(NotFound):
        await shows.plan(SAMPLE, copy)


async def test_the_list_knows_which_show_is_ready(seeded: Database, shows: Shows, block: str) -> None:
    assert (await shows.scripts.standing(SAMPLE))[SHOW].ready
    await shows.scripts.edit(SAMPLE, SHOW, block, 1, PLAIN, "王姐", based_on=0)
    assert not (await shows.scripts.standing(SAMPLE))[SHOW].ready
    assert ShowId("nobody") not in await shows.scripts.standing(SAMPLE)


async def test_clearing_stock_names_the_price_right_after_the_opening(seeded: Database, shows: Shows) -> None:
    wanted = await wish(seeded)
    cleared = wanted.products[0]
    show = await shows.create(SAMPLE, replace(wanted, goals={cleared: "clear"}))
    kinds = [segment.kind for segment in (await shows.plan(SAMPLE, show)).scripts[cleared].segments]
    assert kinds[:2] == ["opening", "offer"]
