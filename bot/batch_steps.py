"""Pushes, broadcasts and recalls on their way: composed, followed, held back, stopped, ended. One step of one batch at a time.

Every step may be repeated by another process after a crash; what an admin wants is read anew at each.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.fees import Fees, stars
from bot.knowledge import CurrentKnowledge
from bot.logs import event
from bot.notices import Notices
from digests.batches import FAILED, is_failing
from digests.compose import Stores
from digests.compose_batches import compose_batch
from digests.pipeline import IN_MEMORY, Secure
from digests.ports import AdminStore, BatchStore, Holds
from digests.settle import unread, unread_with_it
from digests.types import HELD_BACK, AuditEntry, Batch

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
EVERY = timedelta(seconds=2)
PORTION = 200
WORTH_TELLING = timedelta(minutes=1)
"""A push that took longer is told about when it ends: nobody looks at its message any more."""


@dataclass(frozen=True, slots=True)
class Guard:
    """A push stops itself when more than `share` of at least `least` deliveries failed."""

    share: float = 0.2
    least: int = 50


class BatchSteps:
    """`nudge` wakes the relay when something was queued."""

    def __init__(
        self,
        stores: Stores,
        holds: Holds,
        batches: BatchStore,
        admin: AdminStore,
        knowledge: CurrentKnowledge,
        notices: Notices,
        guard: Guard,
        now: Callable[[], datetime],
        nudge: Callable[[], None],
        fees: Fees,
        secure: Secure = IN_MEMORY,
    ) -> None:
        self._secure = secure
        self._stores, self._holds, self._batches, self._admin = stores, holds, batches, admin
        self._knowledge, self._notices, self._guard = knowledge, notices, guard
        self._now, self._nudge, self._fees = now, nudge, fees

    async def step(self) -> bool:
        """Go on with one batch. False: none is due."""
        batch = await self._batches.claim_batch(self._now(), LEASE)
        if batch is None:
            return False
        await self._keep_hold(batch)
        if batch.state == "scheduled":
            await self._begin(batch)
        elif batch.state == "composing":
            await self._compose(batch)
        else:
            await self._follow(batch)
        return True

    async def _keep_hold(self, batch: Batch) -> None:
        """As the admins have it: whoever stored that may have crashed before the outbox heard of it."""
        if batch.hold in HELD_BACK:
            await self._holds.hold(batch.id)
        elif batch.hold:
            await self._holds.release(batch.id, self._now())

    async def _begin(self, batch: Batch) -> None:
        if batch.hold == "stopped":
            await self._end(batch, {})
        else:
            await self._batches.save_batch(replace(batch, state="composing", started=self._now()), due=self._now())

    async def _compose(self, batch: Batch) -> None:
        if batch.kind == "recall" and not await self._is_target_at_rest(batch):
            await self._batches.save_batch(batch, due=self._now() + EVERY)
            return

        async def go_on() -> bool:
            found = await self._batches.find_batch(batch.id)
            return found is not None and found.hold != "stopped"

        aliases = self._knowledge.aliases
        since = await self._secure.begin()
        queued = await compose_batch(self._stores, self._holds, batch, aliases, self._now(), go_on)
        await self._secure.wait(since)  # the batch counts as queued somewhere else than where its deliveries lie
        event(log, "batch_queued", batch=batch.id, kind=batch.kind, queued=queued)
        sending = replace(batch, state="sending", queued=queued)
        await self._batches.save_batch(sending, due=self._now() + EVERY)
        self._nudge()

    async def _is_target_at_rest(self, recall: Batch) -> bool:
        """What is still being sent is stopped first: else some of it would come after its recall."""
        target = await self._batches.find_batch(recall.target)
        if target is None or target.state == "done":
            return True
        if await self._batches.hold_batch(target.id, "stopped", self._now()) is not None:
            await self._holds.hold(target.id)
            await self._note(recall.actor, "push-stopped", batch=target.id)
        return False

    async def _follow(self, batch: Batch) -> None:
        if batch.hold == "stopped":
            await self._stop(batch)
        states = dict(await self._stores.outbox.batch_report(batch.id))
        if not states.get("queued"):
            await self._end(batch, states)
            return
        if batch.hold in ("", "resumed") and is_failing(states, self._guard.share, self._guard.least):
            await self._fail(batch, states)
        await self._batches.save_batch(batch, due=self._now() + EVERY)

    async def _stop(self, batch: Batch) -> None:
        """What was not sent is settled; its articles come with the readers' next digests."""
        now = self._now()
        while waiting := await self._holds.passed_over(batch.id, PORTION):
            for one in waiting:
                await self._stores.outbox.give_back(one.subscriber, unread(one), stood_for=unread_with_it(one))
                stopped = replace(one, state="stopped", settled=now)
                await self._stores.outbox.settle(stopped, now, next_at=None, chat_at=now)

    async def _fail(self, batch: Batch, states: dict[str, int]) -> None:
        if await self._batches.hold_batch(batch.id, "failing", self._now()) is None:
            return
        await self._holds.hold(batch.id)
        failed = sum(states.get(state, 0) for state in FAILED)
        await self._admin.add_audit(
            AuditEntry(self._now(), 0, "push-failing", {"batch": batch.id, "failed": str(failed)})
        )
        sent = str(states.get("sent", 0))
        await self._notices.failing(batch.id, self._now(), failed=str(failed), sent=sent)
        event(log, "batch_failing", level=logging.WARNING, batch=batch.id, **states)
        self._nudge()

    async def _end(self, batch: Batch, states: dict[str, int]) -> None:
        """It counts as done when all that belongs to its end is: a crash before repeats that."""
        now, cost = self._now(), "none"
        if batch.hold:
            await self._holds.release(batch.id, now)
        if batch.paid:
            fee = await self._fees.spent(batch.id, now)
            cost = stars(fee.stars)
            await self._note(0, "push-paid", batch=batch.id, messages=str(fee.messages), stars=cost)
        took = now - (batch.started or now)
        if took >= WORTH_TELLING:
            await self._notices.ended(batch, states, took, now, cost)
            self._nudge()
        await self._batches.save_batch(replace(batch, state="done", ended=now), due=None)
        event(log, "batch_done", batch=batch.id, **states)

    async def _note(self, actor: int, action: str, **detail: str) -> None:
        await self._admin.add_audit(AuditEntry(self._now(), actor, action, detail))
