"""The limits of one process: never over the rate in any second, each chat and group at its own pace, and no idle time."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rates import SWEEP, Rates

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
FOREVER = timedelta(days=9)


def test_a_free_chat_may_go_at_once() -> None:
    rates = Rates()
    assert [rates.reserve(chat, NOW) for chat in range(1, 31)] == [NOW] * 30
    assert rates.reserve(31, NOW) == NOW + SECOND
    assert rates.reserve(32, NOW + SECOND / 2) == NOW + SECOND
    assert rates.reserve(33, NOW + 3 * SECOND) == NOW + 3 * SECOND


def test_one_a_second_in_a_chat() -> None:
    rates = Rates(hold=FOREVER)
    assert [rates.reserve(7, NOW) for _ in range(4)] == [NOW + n * SECOND for n in range(4)]
    assert rates.reserve(8, NOW) == NOW


def test_twenty_a_minute_in_a_group_but_not_in_a_private_chat() -> None:
    rates = Rates(hold=FOREVER)
    at = [rates.reserve(-7, NOW) for _ in range(41)]
    assert at[19] == NOW + 19 * SECOND and at[20] == NOW + MINUTE and at[40] == NOW + 2 * MINUTE
    assert rates.reserve(7, NOW) == NOW
    assert [rates.reserve(7, NOW) for _ in range(40)][-1] == NOW + 40 * SECOND


def test_a_moment_too_far_ahead_is_told_but_not_taken() -> None:
    rates = Rates()
    for n in range(20):
        rates.reserve(-7, NOW + n * SECOND)
    late = NOW + 20 * SECOND
    assert [rates.reserve(-7, late) for _ in range(3)] == [NOW + MINUTE] * 3
    assert rates.reserve(-7, NOW + MINUTE) == NOW + MINUTE
    assert rates.reserve(-7, NOW + MINUTE) == NOW + MINUTE + SECOND


def test_waits_that_telegram_ordered() -> None:
    rates = Rates(hold=FOREVER)
    rates.block(7, NOW + 30 * SECOND)
    rates.block(7, NOW + 10 * SECOND)
    assert rates.reserve(7, NOW) == NOW + 30 * SECOND
    assert rates.reserve(8, NOW) == NOW
    rates.block(None, NOW + 5 * SECOND)
    rates.block(None, NOW + 2 * SECOND)
    assert rates.reserve(9, NOW) == NOW + 5 * SECOND


def test_a_later_booking_does_not_hold_up_an_earlier_one_nor_crowd_it() -> None:
    rates = Rates(per_second=2, hold=FOREVER)
    rates.block(1, NOW + 10 * SECOND)
    rates.block(2, NOW + 10 * SECOND)
    assert rates.reserve(1, NOW) == rates.reserve(2, NOW) == NOW + 10 * SECOND
    assert rates.reserve(3, NOW) == NOW
    assert rates.reserve(4, NOW + 9.5 * SECOND) == NOW + 11 * SECOND


def test_quiet_chats_are_forgotten() -> None:
    rates = Rates(per_second=10**6)
    rates.block(-1, NOW)
    for n in range(2 * SWEEP):
        rates.reserve(n + 1, NOW + n * timedelta(milliseconds=100))
    assert len(rates._chats) <= SWEEP + 1 and not rates._blocked


ORDERS = st.lists(st.tuples(st.integers(-3, 12).filter(bool), st.integers(0, 300)), min_size=1, max_size=150)


@settings(max_examples=60, deadline=None)
@given(ORDERS, st.integers(1, 6), st.sampled_from([FOREVER, 1.5 * SECOND]))
def test_no_window_is_over_its_limit(orders: list[tuple[int, int]], rate: int, hold: timedelta) -> None:
    rates = Rates(per_second=rate, group_per_minute=5, hold=hold)
    taken: list[tuple[datetime, int]] = []
    now = NOW
    for chat, wait in orders:
        now += timedelta(milliseconds=wait)
        at = rates.reserve(chat, now)
        assert at >= now
        if at - now <= hold:
            taken.append((at, chat))
    moments = sorted(at for at, _ in taken)
    assert all(later - earlier >= SECOND for earlier, later in zip(moments, moments[rate:], strict=False))
    for chat in {chat for _, chat in taken}:
        mine = [at for at, other in taken if other == chat]
        assert all(later - earlier >= SECOND for earlier, later in pairwise(mine))
        if chat < 0:
            assert all(later - earlier >= MINUTE for earlier, later in zip(mine, mine[5:], strict=False))


def test_a_long_push_runs_at_the_full_rate() -> None:
    rates = Rates(hold=FOREVER)
    at = [rates.reserve(chat, NOW) for chat in range(1, 3001)]
    assert at[-1] == NOW + 99 * SECOND
