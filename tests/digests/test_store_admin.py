"""The contract of AdminStore, on memory, a server and a cluster."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from store_servers import Stores

from digests import admin_memory, admin_redis
from digests.types import AuditEntry

NOW = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)


async def test_topics_are_kept_by_name(stores: Stores) -> None:
    assert await stores.admin.get_topics() == {}
    for toml in ("name = '氢能'\n", "", "x"):
        await stores.admin.put_topic("氢能", toml)
        assert await stores.admin.get_topics() == {"氢能": toml}


async def test_the_audit_trail_is_told_newest_first(stores: Stores) -> None:
    entries = [AuditEntry(NOW + timedelta(seconds=n), n, "push", {"issue": f"第{n}期"} if n else {}) for n in range(3)]
    for entry in entries:
        await stores.admin.add_audit(entry)
    assert await stores.admin.recent_audit(9) == entries[::-1]
    assert await stores.admin.recent_audit(1) == entries[2:]
    assert await stores.admin.recent_audit(0) == []


async def test_the_audit_trail_keeps_the_newest(stores: Stores, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (admin_memory, admin_redis):
        monkeypatch.setattr(module, "AUDIT_KEPT", 2)
    for n in range(3):
        await stores.admin.add_audit(AuditEntry(NOW, n, "x"))
    assert [entry.actor for entry in await stores.admin.recent_audit(9)] == [2, 1]


async def test_once_is_for_the_first_alone_until_it_ends(stores: Stores) -> None:
    ttl = timedelta(milliseconds=150)
    assert await asyncio.gather(*(stores.admin.once("push", ttl) for _ in range(5))) == [True, *[False] * 4]
    assert await stores.admin.once("other", ttl)
    assert await stores.admin.is_taken("push") and not await stores.admin.is_taken("none")
    for _ in range(2):
        await stores.admin.give_up("other")
    assert not await stores.admin.is_taken("other") and await stores.admin.once("other", ttl)
    if stores.clock:
        stores.clock[0] += 0.2
    else:
        await asyncio.sleep(0.2)
    assert not await stores.admin.is_taken("push")
    assert await stores.admin.once("push", ttl)
