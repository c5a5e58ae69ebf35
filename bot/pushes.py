"""What admins may do about pushes, broadcasts and recalls: plan, look, aim, confirm, hold back, follow.

Thin: counts by the deciders that composing uses, keeps plans and holds in the stores, notes every act in the audit trail. A plan
has one id from its first preview to its report; what is confirmed is the number of readers that was shown.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.fees import Fee, Fees, stars
from bot.knowledge import CurrentKnowledge
from bot.rendering import Renderer
from digests.batches import Count, takes
from digests.compose import Stores, delivery_id, issue_digest
from digests.compose_batches import broadcast_to, reached, recallable
from digests.errors import NotFoundError
from digests.html import strip_tags, utf16_len
from digests.ports import AdminStore, BatchStore, Holds, IssueSummary
from digests.rates import PACE
from digests.render_messages import CAPTION
from digests.types import HELD_BACK, Audience, AuditEntry, Batch, Chunk, Digest, Hold
from subscriptions import LimitError, Subscriber

PLAN_TTL = timedelta(hours=12)
RECENT = timedelta(hours=48)
AUDITED = 1000
"""Acts that are looked through for pushes of the last two days."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be sent, to how many, for how long. `old`: of a recall, messages sent too long ago to be recalled;
    `running`: what is recalled is still being sent. `fee`: what paying for it would cost, None where nothing may be paid for."""

    batch: Batch
    takes: timedelta
    issue: IssueSummary | None = None
    old: int = 0
    running: bool = False
    fee: Fee | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """What reader `place` of `of` (from 0) would get: pages without buttons; who reads how, as settings."""

    chunks: tuple[Chunk, ...]
    place: int
    of: int
    language: str
    chat_kind: str


@dataclass(frozen=True, slots=True)
class Progress:
    """`states`: deliveries by state; `left`: how long the rest takes at the rate; `took`: since it began, or from begin to end;
    `fee`: what was paid so far, of one that is paid for."""

    batch: Batch
    states: dict[str, int]
    left: timedelta
    took: timedelta
    fee: Fee | None = None

    @property
    def done(self) -> bool:
        return self.batch.state == "done"

    @property
    def held(self) -> bool:
        return self.batch.hold in HELD_BACK


class Pushes:
    """`per_second`: messages a second over all, 0 for no limit; `fees`: of those that go faster."""

    def __init__(
        self,
        stores: Stores,
        holds: Holds,
        batches: BatchStore,
        admin: AdminStore,
        knowledge: CurrentKnowledge,
        renderer: Renderer,
        per_second: int,
        fees: Fees,
    ) -> None:
        self._stores, self._holds, self._batches, self._admin = stores, holds, batches, admin
        self._knowledge, self._renderer = knowledge, renderer
        self.per_second, self._fees = per_second, fees

    # ------------------------------------------------------------------------------------------ planning
    async def plan_push(self, issue: str | None, audience: Audience, actor: int, now: datetime) -> Plan:
        """Of the newest or the named issue. Raises NotFoundError."""
        found = await self._issue(issue)
        return await self._plan(Batch(_token(), "push", actor, now, 0, issue=found.id, audience=audience), now)

    async def plan_broadcast(self, html: str, media: str, audience: Audience, actor: int, now: datetime) -> Plan:
        batch = Batch(_token(), "broadcast", actor, now, 0, html=html, media=media, audience=audience)
        return await self._plan(batch, now)

    async def plan_recall(self, target: str, html: str, actor: int, now: datetime) -> Plan:
        """Delete what the batch sent within 48 hours, or with `html` put that in its place. Raises NotFoundError, and LimitError
        for a text that is too long to stand below a file."""
        found = await self._batches.find_batch(target)
        if found is None or found.kind == "recall" or found.state not in ("composing", "sending", "done"):
            raise NotFoundError("batch", target)
        if found.media and utf16_len(strip_tags(html)) > CAPTION:
            raise LimitError("caption", CAPTION)
        batch = Batch(_token(), "recall", actor, now, 0, html=html, media=found.media, target=target, issue=found.issue)
        return await self._plan(batch, now)

    async def aim(self, id: str, audience: Audience, now: datetime) -> Plan | None:
        """The same for other readers. None: it is planned no longer."""
        found = await self.find_planned(id)
        return await self._plan(replace(found, audience=audience), now) if found else None

    async def switch(self, id: str, what: str, on: bool, now: datetime) -> Plan | None:
        """The same in another way: `what` is paid (faster, for a fee) or once (rather lost than twice). None: it is planned no longer."""
        found = await self.find_planned(id)
        if found is None:
            return None
        batch = replace(found, paid=on) if what == "paid" else replace(found, once=on)
        return await self.described(batch, now) if await self._batches.put_batch(batch, PLAN_TTL) else None

    async def find_planned(self, id: str) -> Batch | None:
        found = await self._batches.find_batch(id)
        return found if found is not None and found.state == "planned" else None

    async def _plan(self, batch: Batch, now: datetime) -> Plan:
        counted = await self._counted(batch, now)
        await self._batches.put_batch(counted, PLAN_TTL)
        return await self.described(counted, now)

    async def _counted(self, batch: Batch, now: datetime) -> Batch:
        if batch.kind == "recall":
            deleted = batch.target in await self._deleted(await self._admin.recent_audit(AUDITED))
            able, _ = (0, 0) if deleted else await recallable(self._holds, batch.target, now)
            return replace(batch, readers=able)
        count = Count()
        async for reader in reached(self._stores, batch):
            if batch.kind == "broadcast" or await self._digest(batch, reader, now):
                count.add(reader)
        return replace(batch, readers=count.readers, samples=count.samples)

    async def _digest(self, batch: Batch, reader: Subscriber, now: datetime) -> Digest | None:
        return await issue_digest(self._stores, reader, [batch.issue], self._knowledge.aliases, now)

    async def described(self, batch: Batch, now: datetime) -> Plan:
        """As it was counted; only what is left of a recall is counted anew."""
        issue = await self.issue_of(batch)
        if batch.kind != "recall":
            messages, fee, budget = await self._messages(batch, now), None, self._fees.budget
            if budget.per_second:
                fee = await self._fees.planned(messages, now)
            return Plan(batch, self._needs(messages, fee if batch.paid else None), issue, fee=fee)
        needs = takes(batch.readers, self.per_second * PACE)
        _, old = await recallable(self._holds, batch.target, now)
        target = await self._batches.find_batch(batch.target)
        return Plan(batch, needs, issue, old, target is not None and target.state != "done")

    async def _messages(self, batch: Batch, now: datetime) -> int:
        """A push is one message to each reader, from which the other pages are reached; a long text is several."""
        if batch.kind == "push":
            return batch.readers
        return batch.readers * len(await self._renderer.chunks(broadcast_to(batch, "0", "", now), None))

    def _needs(self, messages: int, fee: Fee | None) -> timedelta:
        """As much as is paid for goes at that rate, the rest after it at the other."""
        paid = fee.messages if fee else 0
        fast = takes(paid, self._fees.budget.per_second * PACE) if paid else timedelta()
        return fast + takes(messages - paid, self.per_second * PACE)

    async def _issue(self, named: str | None) -> IssueSummary:
        recent = await self._stores.issues.recent_issues(1)
        if named is not None:
            recent = list((await self._stores.issues.get_summaries([named])).values())
        if not recent:
            raise NotFoundError("issue", named or "")
        return recent[0]

    # ------------------------------------------------------------------------------------------ looking
    async def sample(self, id: str, place: int, now: datetime) -> Sample | None:
        """What one of the chosen readers would get now. None: there is none, or it is planned no longer."""
        batch = await self.find_planned(id)
        if batch is None or not batch.samples:
            return None
        place %= len(batch.samples)
        reader = await self._stores.subscribers.find_subscriber(batch.samples[place])
        if reader is None:
            return None
        digest = await self._digest(batch, reader, now) if batch.kind == "push" else None
        pages = await self._renderer.preview(digest, reader) if digest else ()
        return Sample(pages[:1], place, len(batch.samples), reader.settings.language, reader.chat_kind)

    async def test(self, id: str, actor: int, now: datetime) -> bool:
        """The broadcast to the admin alone, as readers get it. False: it is planned no longer."""
        batch = await self.find_planned(id)
        if batch is None:
            return False
        mine = broadcast_to(replace(batch, id=""), str(actor), delivery_id(batch.id, "test", now.timestamp()), now)
        await self._stores.outbox.put([mine], now)
        await self._note(actor, "test", now, batch=id)
        return True

    # ------------------------------------------------------------------------------------------ doing
    async def confirm(
        self, id: str, readers: int, actor: int, now: datetime, at: datetime | None = None, way: str = ""
    ) -> Batch | Plan | None:
        """Send what was planned, `at` a later time or now. None: somebody confirmed it already, or it is unknown. A Plan, and nothing
        is sent: it would no longer reach the `readers` whom the admin was told of, or no longer go the `way`. What is sent later, or
        recalled while it is still being sent, reaches as many as there are by then."""
        planned = await self.find_planned(id)
        if planned is None:
            return None
        counted = await self._counted(planned, now)
        if (
            planned.way != way
            or planned.readers != readers
            or (planned.kind != "recall" and counted.readers != readers)
        ):
            return await self._plan(planned, now)
        started = await self._batches.start_batch(planned, now, at)
        if started is not None:
            detail = {"readers": str(readers), "issue": started.issue, "at": at.isoformat() if at else ""}
            fee = (await self.described(started, now)).fee if started.paid else None
            detail |= {"stars": stars(fee.stars) if fee else "", "once": "1" if started.once else ""}
            await self._note(actor, started.kind, now, batch=id, **detail)
        return started

    async def hold(self, id: str, hold: Hold, actor: int, now: datetime) -> bool:
        """Pause, resume or stop. False: somebody did so before, or it is done."""
        held = await self._batches.hold_batch(id, hold, now)
        if held is None:
            return False
        if held.hold in HELD_BACK:
            await self._holds.hold(id)
        else:
            await self._holds.release(id, now)
        await self._note(actor, f"push-{hold}", now, batch=id)
        return True

    async def progress(self, id: str, now: datetime) -> Progress | None:
        """None: there is no such batch. `nothing` among the states: all is composed and there was nothing to send."""
        batch = await self._batches.find_batch(id)
        if batch is None:
            return None
        states = dict(await self._stores.outbox.batch_report(id))
        if not any(states.values()) and batch.state in ("sending", "done") and not batch.queued:
            states = {"nothing": 1}
        waits = states.get("queued", 0) if batch.state != "composing" else max(batch.readers, states.get("queued", 0))
        took = (batch.ended or now) - (batch.started or now)
        fee = await self._fees.spent(id, now) if batch.paid else None
        ahead = replace(fee, messages=min(waits, fee.left)) if fee else None
        return Progress(batch, states, self._needs(waits, ahead), took, fee)

    async def scheduled(self) -> list[Batch]:
        """Those that wait for their time, the next first."""
        return [batch for batch in await self._batches.under_way() if batch.state == "scheduled"]

    async def recent(self, now: datetime) -> list[Batch]:
        """Pushes and broadcasts of the last two days that went out and were not deleted, the newest first; `readers`: who have got it
        so far, not who were meant to."""
        acts = [act for act in await self._admin.recent_audit(AUDITED) if now - act.at < RECENT]
        deleted, went = await self._deleted(acts), list[Batch]()
        for batch in await self._batches_of(acts, "push", "broadcast"):
            if batch.state not in ("planned", "scheduled") and batch.id not in deleted:
                sent = (await self._stores.outbox.batch_report(batch.id)).get("sent", 0)
                went += [replace(batch, readers=sent)] if sent or batch.state != "done" else []
        return went

    async def _deleted(self, acts: Sequence[AuditEntry]) -> set[str]:
        """Those whose messages have all been deleted by a recall since."""
        deleted = set[str]()
        for recall in await self._batches_of(acts, "recall"):
            if not recall.html and recall.state == "done" and recall.hold != "stopped":
                report = self._stores.outbox.batch_report
                done, sent = (await report(recall.id)).get("sent", 0), (await report(recall.target)).get("sent", 0)
                deleted |= {recall.target} if done >= sent else set()
        return deleted

    async def _batches_of(self, acts: Sequence[AuditEntry], *actions: str) -> list[Batch]:
        ids = [act.detail.get("batch", "") for act in acts if act.action in actions]
        found = [await self._batches.find_batch(id) for id in dict.fromkeys(ids)]
        return [batch for batch in found if batch is not None]

    async def issue_of(self, batch: Batch) -> IssueSummary | None:
        return (await self._stores.issues.get_summaries([batch.issue])).get(batch.issue) if batch.issue else None

    async def _note(self, actor: int, action: str, now: datetime, **detail: str) -> None:
        await self._admin.add_audit(AuditEntry(now, actor, action, detail))


def _token() -> str:
    return secrets.token_hex(6)
