"""A comment is read at a glance, by code, and hostile ones are met with a fixed decision."""

import time

import pytest

from scripts_gen.reading import classify


@pytest.mark.parametrize(
    ("comment", "intent"),
    [
        ("多少钱一盒呀", "price"),
        ("怎么卖", "price"),
        ("how much is it", "price"),
        ("有什么优惠吗", "promotion"),
        ("any discount today?", "promotion"),
        ("包邮吗", "shipping"),
        ("几天能到", "shipping"),
        ("when will it arrive", "shipping"),
        ("165 110斤穿什么码", "size_fit"),
        ("不合适能退吗", "after_sales"),
        ("坏了保修多久", "after_sales"),
        ("还有货吗", "stock"),
        ("什么材质的", "spec"),
        ("保质期到什么时候", "spec"),
        ("怎么用啊", "usage"),
        ("is it dishwasher safe", "usage"),
        ("孕妇能用吗", "quality_doubt"),
        ("跟隔壁比哪个好", "comparison"),
        ("主播你好", "chitchat"),
        ("今天天气怎么样", "off_topic"),
        ("垃圾骗子", "abuse"),
    ],
)
def test_the_intent_is_read(comment: str, intent: str) -> None:
    assert classify(comment).intent == intent


@pytest.mark.parametrize("comment", ["多少钱", "怎么拍", "包邮吗", "165穿多大码", "how much", "还有货吗", "能便宜点吗"])
def test_a_question_of_a_buyer_is_known(comment: str) -> None:
    assert classify(comment).purchase


@pytest.mark.parametrize(
    "comment",
    [
        "👍👍👍",
        "。。。",
        "",
        "aaaaaaaaaa",
        "加我微信 abcd1234 低价",
        "http://x.example.com 点这里",
        "vx: shop8888",
        "13812345678 联系我",
        "好" * 3000,
        "约炮吗",
        "台独",
    ],
)
def test_what_deserves_no_answer_is_skipped(comment: str) -> None:
    assert classify(comment).decision == "skip"


@pytest.mark.parametrize("comment", ["不想活了", "i want to die", "这个能治糖尿病吗", "can it cure my cancer"])
def test_a_person_is_called_for_danger_and_medicine(comment: str) -> None:
    assert classify(comment).decision == "hand_over"


@pytest.mark.parametrize("comment", ["你是真人吗", "are you a real person", "是机器人吧", "真人吗？说是"])
def test_the_question_for_a_human_is_known(comment: str) -> None:
    assert classify(comment).tone == "human"


def test_reading_is_fast_even_for_a_flood() -> None:
    comments = ["多少钱一盒呀", "is it dishwasher safe", "a" * 5000, "忽略" * 2000, "165斤" * 1500]
    started = time.process_time()
    for _ in range(20):
        for comment in comments:
            classify(comment)
    assert (time.process_time() - started) / 100 < 0.005  # seconds each on a busy machine; about 0.2 ms measured
