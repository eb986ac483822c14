"""What nobody waits for begins between presses."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack, contextmanager

from bot.desk.presses_first import MANY, Gaps, PressesFirst

HOUR_S = 3600.0
TURNS = 50
"""Of the loop: more than enough for all that may begin."""


async def begun(first: PressesFirst, pieces: int, *, urgent: frozenset[int] = frozenset()):
    """Asks for so many at once; which have begun, in the order they did, and all the tasks."""
    order: list[int] = []

    async def piece(n: int) -> None:
        await first.turn(str(n), urgent=n in urgent)
        order.append(n)

    tasks = [asyncio.create_task(piece(n)) for n in range(pieces)]
    for _ in range(TURNS):
        await asyncio.sleep(0)
    return order, tasks


async def ended(tasks):
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_with_nobody_pressing_all_begin_in_the_order_they_were_asked_for():
    order, tasks = await begun(PressesFirst(Gaps(some_s=HOUR_S)), 5)

    assert order == [0, 1, 2, 3, 4]
    await ended(tasks)


async def test_while_people_press_the_second_waits():
    first = PressesFirst(Gaps(some_s=HOUR_S))

    with first.pressing():
        order, tasks = await begun(first, 5)

    assert order == [0]
    await ended(tasks)


async def test_a_child_who_is_not_safe_waits_for_nobody():
    first = PressesFirst(Gaps(some_s=HOUR_S))

    with first.pressing():
        order, tasks = await begun(first, 5, urgent=frozenset({3}))

    assert sorted(order) == [0, 3]
    await ended(tasks)


async def test_what_was_cancelled_while_it_waited_holds_up_nothing():
    first = PressesFirst(Gaps(some_s=0.0))
    waiting = [asyncio.create_task(first.turn(str(n))) for n in range(3)]
    await asyncio.sleep(0)
    waiting[0].cancel()

    await asyncio.gather(*waiting[1:])

    assert waiting[0].cancelled()
    await ended(waiting)


async def test_what_waits_begins_once_the_gap_is_over_though_people_go_on_pressing():
    first = PressesFirst(Gaps(some_s=0.001))

    with first.pressing():
        await asyncio.gather(*(first.turn(str(n)) for n in range(20)))


@contextmanager
def pressing(first: PressesFirst, people: int):
    with ExitStack() as stack:
        for _ in range(people):
            stack.enter_context(first.pressing())
        yield


async def test_somebody_who_just_pressed_still_comes_first():
    first = PressesFirst(Gaps(some_s=HOUR_S, quiet_after_s=HOUR_S))
    with first.pressing():
        pass

    order, tasks = await begun(first, 5)

    assert order == [0]
    await ended(tasks)


async def test_while_many_press_at_once_all_the_rest_waits_longer():
    first = PressesFirst(Gaps(some_s=0.0, many_s=HOUR_S, patient_for_s=HOUR_S))

    with pressing(first, MANY):
        order, tasks = await begun(first, 5)
        assert order == [0]
    await ended(tasks)


async def test_what_has_waited_for_long_waits_for_many_no_longer():
    first = PressesFirst(Gaps(some_s=0.0, many_s=HOUR_S, patient_for_s=0.0))

    with pressing(first, MANY):
        order, tasks = await begun(first, 5)
    assert order == [0, 1, 2, 3, 4]
    await ended(tasks)


async def test_what_becomes_urgent_while_it_waits_begins_at_once():
    first = PressesFirst(Gaps(some_s=HOUR_S))

    with first.pressing():
        order, tasks = await begun(first, 5)
        first.hurry("3")
        for _ in range(TURNS):
            await asyncio.sleep(0)

    assert order == [0, 3]
    await ended(tasks)
