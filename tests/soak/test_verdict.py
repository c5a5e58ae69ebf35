"""The verdict of the fault bench on invented runs: it must see what it is there to see."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from chaos import Loss, Told
from redis import Redis as SyncRedis
from redis.asyncio import Redis
from servers import Server
from store_servers import Stores, over, until
from verdict import Record, Report, compare

from bot.connect_redis import connect
from digests.types import Article, Delivery, Digest, DigestGroup, DigestItem, Issue
from subscriptions import Match, parse_query, query_id

NOW = datetime(2026, 3, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
QUERY = "云岭储能"
CHAT = 10_001


async def given(stores: Stores) -> Delivery:
    """One matched article, in a digest that waits for its reader."""
    text = Article(f"{QUERY}第1号", "正文")
    await stores.issues.add_issue(Issue("云岭日报", None, (text,), id="i", fingerprint="f"), NOW)
    ((_, (article,)),) = [await stores.issues.claim_to_match(NOW, MINUTE) or ("", ())]
    await stores.hits.add_hits(article, [Match(query_id(parse_query(QUERY)))])
    digest = Digest((DigestGroup(QUERY, (DigestItem(article, (query_id(parse_query(QUERY)),)),)),), ("i",), 1, NOW)
    made = Delivery("d", str(CHAT), "digest", NOW, digest=digest)
    await stores.outbox.put([made], NOW)
    return made


async def claimed(stores: Stores, times: int) -> Delivery:
    for at in range(times):
        (delivery,) = await stores.outbox.claim(NOW + at * MINUTE, 9, MINUTE)
    return delivery


async def sent(stores: Stores, delivery: Delivery) -> None:
    await stores.outbox.settle(replace(delivery, state="sent", sent=(1,)), NOW, next_at=None, chat_at=NOW)


async def judged(url: str, times: int, told: Told | None = None) -> Report:
    record: Record = [(CHAT, "第1号", NOW.timestamp() + at) for at in range(times)]
    return await compare(url, record, range(CHAT, CHAT + 1), range(1, 2), QUERY, told or Told())


async def test_twice_after_two_attempts_is_on_record(redis_client: Redis, store_url: str) -> None:
    stores = over(redis_client)
    await given(stores)
    await sent(stores, await claimed(stores, 2))
    report = await judged(store_url, 2)
    assert report.passed and (report.messages, report.doubled, report.tried_again) == (2, 1, 1)
    assert not (await judged(store_url, 3)).passed, "not three times"


async def test_twice_after_one_attempt_is_a_defect(redis_client: Redis, store_url: str) -> None:
    stores = over(redis_client)
    await given(stores)
    await sent(stores, await claimed(stores, 1))
    assert (await judged(store_url, 1)).passed
    report = await judged(store_url, 2)
    assert not report.passed and "d sent 1 attempts" in report.bare[CHAT, 1]


async def test_what_came_and_is_in_no_ledger_is_seen(redis_client: Redis, store_url: str) -> None:
    await given(over(redis_client))
    report = await judged(store_url, 1)
    assert not report.passed and report.unknown == [(CHAT, 1)]


async def test_what_never_came_is_lost(redis_client: Redis, store_url: str) -> None:
    await given(over(redis_client))
    report = await judged(store_url, 0)
    assert not report.passed and report.lost == [(CHAT, 1)]


async def test_an_attempt_counts_that_only_the_dead_server_had(
    redis_client: Redis, store_url: str, tmp_path: Path
) -> None:
    told = await a_loss(tmp_path)
    stores = over(redis_client)
    await given(stores)
    await sent(stores, await claimed(stores, 1))
    report = await judged(store_url, 2, told)
    assert report.passed and (report.doubled, report.tried_again, report.store_lost) == (1, 0, 1)
    assert not (await judged(store_url, 3, told)).passed, "one was lost, not two"
    (loss,) = told.losses
    nothing = Told(losses=[replace(loss, kept=loss.had)])
    assert not (await judged(store_url, 2, nothing)).passed, "a server died, and had said everything before"


async def a_loss(folder: Path) -> Told:
    """Of a server that was killed between a claim and its replica's hearing of it."""
    server = Server(
        folder / "n", ["--port", "0", "--unixsocket", f"{folder}/s"], lambda: SyncRedis(unix_socket_path=f"{folder}/s")
    )
    server.start()
    try:
        until(server.answers)
        client = await connect(f"unix://{folder}/s")
        stores = over(client)
        await given(stores)
        kept = server.image()
        await claimed(stores, 1)
        await client.aclose()
    finally:
        server.kill()
    return Told(losses=[Loss(NOW.timestamp(), server.image(), kept)])
