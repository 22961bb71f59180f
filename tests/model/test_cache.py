"""Which prefixes are kept, and which are lost."""

from model.cache import KeysValues, PrefixCache
from tests.model.tiny import tiny_config

CONFIG = tiny_config(300)


def memory(length: int) -> KeysValues:
    made = KeysValues(CONFIG, length)
    made.store.normal_()
    made.length = length
    return made


def room_for(tokens: int) -> int:
    return memory(1).store.nbytes * tokens


def resumed(cache: PrefixCache, ids: list[int]) -> int:
    return cache.resume(ids, KeysValues(CONFIG, 1))


def test_the_longest_common_prefix_is_resumed_exactly() -> None:
    cache = PrefixCache(room_for(100))
    written = memory(6)
    cache.keep([1, 2, 3, 4, 5, 6], written)
    cache.keep([1, 2, 9], memory(3))
    read = KeysValues(CONFIG, 1)
    assert cache.resume([1, 2, 3, 4, 7, 8], read) == 4
    assert read.length == 4
    assert read.store[..., :4, :].equal(written.store[..., :4, :])


def test_the_last_token_is_always_computed_anew() -> None:
    cache = PrefixCache(room_for(100))
    cache.keep([1, 2, 3], memory(3))
    assert resumed(cache, [1, 2, 3]) == 2


def test_the_least_recently_used_prefix_is_lost_first() -> None:
    cache = PrefixCache(room_for(9))
    for first in (1, 2, 3):
        cache.keep([first] * 3, memory(3))
    assert resumed(cache, [1, 1, 1, 5]) == 3
    cache.keep([4] * 3, memory(3))
    assert resumed(cache, [2, 2, 2, 5]) == 0
    assert resumed(cache, [1, 1, 1, 5]) == 3
    assert cache.evicted == 1


def test_pinned_prefixes_survive_a_crowd() -> None:
    cache = PrefixCache(room_for(12))
    cache.keep([7] * 4, memory(4), pin=True)
    for first in range(20, 60):
        cache.keep([first] * 3, memory(3))
    assert resumed(cache, [7, 7, 7, 7, 1]) == 4
    assert cache.bytes <= room_for(12)


def test_when_pins_fill_half_the_room_the_oldest_loses_its_pin() -> None:
    cache = PrefixCache(room_for(10))
    for first in (1, 2, 3):
        cache.keep([first] * 4, memory(4), pin=True)
    cache.keep([9] * 4, memory(4))
    assert resumed(cache, [3, 3, 3, 3, 0]) == 4
    assert cache.bytes <= room_for(10)
    assert resumed(cache, [1, 1, 1, 1, 0]) == 0


def test_a_prefix_larger_than_the_room_is_not_kept() -> None:
    cache = PrefixCache(room_for(3))
    cache.keep([1] * 5, memory(5), pin=True)
    assert len(cache) == 0


def test_a_longer_prefix_replaces_the_shorter_one_it_contains() -> None:
    cache = PrefixCache(room_for(100))
    cache.keep([1, 2], memory(2))
    cache.keep([1, 2, 3], memory(3))
    cache.keep([1, 2], memory(2))
    assert len(cache) == 1
