"""What comes again is answered the same without being done again, also while it is still on its way."""

import asyncio

from handlers.commands import ANSWERS_REMEMBERED, Answer, RequestDeduplicator


class Asked:
    """Counts how often it was really asked."""

    def __init__(self) -> None:
        self.times = 0
        self.go_on = asyncio.Event()
        self.go_on.set()

    async def __call__(self) -> Answer:
        self.times += 1
        await self.go_on.wait()
        return {"text": f"answer {self.times}"}


async def test_a_repetition_gets_the_same_answer_and_asks_nothing() -> None:
    deduplicator, asked = RequestDeduplicator(), Asked()
    first = await deduplicator.once(b"one", asked)
    assert await deduplicator.once(b"one", asked) == first == {"text": "answer 1"}
    assert await deduplicator.once(b"two", asked) == {"text": "answer 2"}


async def test_a_repetition_waits_for_the_answer_that_is_on_its_way() -> None:
    deduplicator, asked = RequestDeduplicator(), Asked()
    asked.go_on.clear()
    first, second = (asyncio.ensure_future(deduplicator.once(b"one", asked)) for _ in range(2))
    await asyncio.sleep(0)
    asked.go_on.set()
    assert await first == await second == {"text": "answer 1"}


async def test_what_nobody_can_tell_apart_is_asked_each_time() -> None:
    deduplicator, asked = RequestDeduplicator(), Asked()
    assert await deduplicator.once(None, asked) != await deduplicator.once(None, asked)


async def test_what_failed_is_asked_again() -> None:
    deduplicator, asked = RequestDeduplicator(), Asked()

    async def fail() -> Answer:
        raise OSError(28, "No space left on device")

    results = await asyncio.gather(
        *(deduplicator.once(b"one", fail) for _ in range(3)), return_exceptions=True
    )
    assert [type(result) for result in results] == [OSError] * 3
    assert await deduplicator.once(b"one", asked) == {"text": "answer 1"}


async def test_only_the_latest_are_remembered() -> None:
    deduplicator, asked = RequestDeduplicator(), Asked()
    for n in range(ANSWERS_REMEMBERED + 1):
        await deduplicator.once(b"%d" % n, asked)
    assert len(deduplicator._answers) == ANSWERS_REMEMBERED
    await deduplicator.once(b"%d" % ANSWERS_REMEMBERED, asked)
    await deduplicator.once(b"1", asked)
    assert asked.times == ANSWERS_REMEMBERED + 1
    await deduplicator.once(b"0", asked)
    assert asked.times == ANSWERS_REMEMBERED + 2
