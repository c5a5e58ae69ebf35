"""What follows from an attempt to send: the decision table of the outbox.

Pure. An Outcome is what came of one attempt, a Settlement is what to store and do next. Rules: a wait is a later time and never
a sleep; a reader's settings are never lost; one bad chat, text or template delays nobody else; waiting is bounded by the
time to live of a digest, whose articles then go back to be part of the next one. Where nobody knows whether a message was sent it is
sent once more, unless the admin who pushed it would rather have it lost than twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from digests.types import ArticleId, Delivery, DeliveryState
from subscriptions import PauseReason, SubscriberId, chat_of, subscriber_id, thread_of

OutcomeKind = Literal[
    "sent", "retry_after", "unknown", "network", "server_error", "blocked", "deactivated", "kicked", "no_rights", "cant_initiate",
    "migrated", "topic_closed", "bad_entities", "too_long", "not_found", "unauthorized", "unpaid", "gone", "unchangeable", "rejected",
    "stale",
]  # fmt: skip

CHAT_PAUSE = timedelta(seconds=1)
"""Between two messages to one chat: about one a second is allowed (Telegram's bot FAQ)."""
BACKOFF_FIRST = timedelta(seconds=2)
BACKOFF_LONGEST = timedelta(minutes=15)
BACKOFF_DOUBLINGS = 16
JITTER = 0.25
STOPPED = timedelta(minutes=5)
"""How long nothing is tried with a token that Telegram refuses."""
TTL = timedelta(hours=36)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one attempt. `description`: Telegram's words, without the token. `unknown`: whoever sent it did not live to tell.

    `message_id` when sent; `retry_after` in seconds; `new_chat` when migrated. `ambiguous`: the connection broke after the
    request may have been taken. `whole_bot`: the wait holds for every chat. `gone`, `unchangeable`: the message to be changed.
    `stale`: it was too old to be tried at all.
    """

    kind: OutcomeKind
    description: str = ""
    message_id: int | None = None
    retry_after: float = 0.0
    new_chat: int | None = None
    ambiguous: bool = False
    whole_bot: bool = False


@dataclass(frozen=True, slots=True)
class Settlement:
    """What to store and to do. `delivery` carries state, error, plain and settled.

    `next_at`: try again then, still first in its chat; None: done. `chat_at`: the chat's next delivery not before. `bot_at`: nothing
    at all before, None for no such wait. `pause`: stop sending to the subscriber, keep the settings. `move_to`: the subscriber
    goes on under this id. `alarm`: tell the admins, by this word. `tell`: a text for the reader, once. `returned`: articles
    that were not given after all and belong into the next digest.
    """

    delivery: Delivery
    next_at: datetime | None
    chat_at: datetime
    bot_at: datetime | None = None
    pause: PauseReason | None = None
    move_to: SubscriberId | None = None
    alarm: OutcomeKind | None = None
    tell: str | None = None
    returned: tuple[ArticleId, ...] = ()

    @property
    def state(self) -> DeliveryState:
        return self.delivery.state

    @property
    def plain(self) -> bool:
        return self.delivery.plain


def settle(delivery: Delivery, outcome: Outcome, now: datetime, *, ttl: timedelta = TTL) -> Settlement:
    """Decide what follows. `delivery` as it was claimed, with this attempt counted; `ttl`: for how long it is worth sending."""
    note = _note(outcome)
    noted = delivery if delivery.error == note else replace(delivery, error=note)
    made = _TABLE[outcome.kind](noted, outcome, now)
    if made.next_at is not None and made.next_at - delivery.created > ttl:
        return _expired(made, now)
    return made


def is_stale(delivery: Delivery, now: datetime, *, ttl: timedelta = TTL) -> bool:
    """Whether a digest has waited so long, untried, that its articles better come with the next one. What an admin pushed goes
    whenever its turn comes, and what was begun is finished."""
    return delivery.kind == "digest" and not delivery.batch and not delivery.sent and now - delivery.created > ttl


def newest(deliveries: Iterable[Delivery], limit: int) -> list[Delivery]:
    """At most `limit`, the last made first."""
    return sorted(deliveries, key=lambda one: (one.created, one.id), reverse=True)[: max(limit, 0)]


def backoff(delivery: Delivery) -> timedelta:
    """Doubling with each attempt from 2 s to 15 min, give or take a quarter that follows from id and attempt alone."""
    doublings = min(max(delivery.attempts - 1, 0), BACKOFF_DOUBLINGS)
    wait: timedelta = min(BACKOFF_FIRST * 2**doublings, BACKOFF_LONGEST)
    digest = hashlib.blake2b(f"{delivery.id} {delivery.attempts}".encode(), digest_size=4).digest()
    return wait * (1 - JITTER + 2 * JITTER * int.from_bytes(digest, "big") / 0xFFFFFFFF)


def _note(outcome: Outcome) -> str:
    if outcome.kind == "sent":
        return ""
    doubt = " (possibly sent)" if outcome.ambiguous else ""
    return f"{outcome.kind}: {outcome.description}{doubt}"


def unread(delivery: Delivery) -> tuple[ArticleId, ...]:
    """What the reader has not seen of it: all of it while no message of it is known to be sent; of a correction what is new in it."""
    if delivery.digest is None or delivery.sent:
        return ()
    return delivery.news or delivery.digest.given()


def unread_with_it(delivery: Delivery) -> tuple[ArticleId, ...]:
    """What counted as had with that. What a correction stands for was had with the message that it corrects."""
    return () if delivery.digest is None or delivery.sent or delivery.news else delivery.digest.stood_for()


def _done(delivery: Delivery, state: DeliveryState, now: datetime) -> Settlement:
    return Settlement(replace(delivery, state=state, settled=now), None, now + CHAT_PAUSE)


def _again(delivery: Delivery, at: datetime) -> Settlement:
    return Settlement(delivery, at, at)


def _expired(made: Settlement, now: datetime) -> Settlement:
    delivery = replace(made.delivery, state="expired", settled=now)
    return replace(made, delivery=delivery, next_at=None, returned=unread(delivery))


def _stale(delivery: Delivery, outcome: Outcome, now: datetime) -> Settlement:
    return _expired(_again(delivery, now), now)


def _sent(delivery: Delivery, outcome: Outcome, now: datetime) -> Settlement:
    return _done(delivery, "sent", now)


def _told_to_wait(delivery: Delivery, outcome: Outcome, now: datetime) -> Settlement:
    at = now + timedelta(seconds=outcome.retry_after)
    return replace(_again(delivery, at), bot_at=at if outcome.whole_bot else None)


def _unreached(delivery: Delivery, outcome: Outcome, now: datetime) -> Settlement:
    if outcome.ambiguous and delivery.once:
        return _done(delivery, "uncertain", now)
    return _again(delivery, now + backoff(delivery))


def _pausing(reason: PauseReason) -> Callable[[Delivery, Outcome, datetime], Settlement]:
    def decide(delivery: Delivery, outcome: Outcome, now: datetime) -> Settlement:
        return replace(_done(delivery, "paused", now), pause=reason, returned=unread(delivery))

    return decide


def _migrated(delivery: Delivery, outcome: Outcome, now: datetime) -> Settlement:
    if outcome.new_chat is None:
        return _dead(delivery, outcome, now)
    new = subscriber_id(outcome.new_chat, thread_of(delivery.subscriber))
    return replace(_again(delivery, now), move_to=new)


def _topic_closed(delivery: Delivery, outcome: Outcome, now: datetime) -> Settlement:
    """Fall back on the general topic; if that is the closed one, the group does not want us to write."""
    if thread_of(delivery.subscriber) is None:
        return _pausing("rights")(delivery, outcome, now)
    general = subscriber_id(chat_of(delivery.subscriber))
    return replace(_again(delivery, now), move_to=general, tell="topic-closed")


def _refused_text(delivery: Delivery, outcome: Outcome, now: datetime) -> Settlement:
    """Once more without markup, in pieces if need be; our error either way."""
    if delivery.plain:
        return _dead(delivery, outcome, now)
    return replace(_again(replace(delivery, plain=True), now), alarm=outcome.kind)


def _stopped(delivery: Delivery, outcome: Outcome, now: datetime) -> Settlement:
    at = now + STOPPED
    uncounted = replace(delivery, attempts=max(delivery.attempts - 1, 0))
    return replace(_again(uncounted, at), bot_at=at, alarm="unauthorized")


def _unpaid(delivery: Delivery, outcome: Outcome, now: datetime) -> Settlement:
    """Telegram does not take the fee: whoever sends it next does so at the free rate."""
    return replace(_again(delivery, now), alarm="unpaid")


def _gone(delivery: Delivery, outcome: Outcome, now: datetime) -> Settlement:
    """The message that was to be changed is no longer there: nothing is left to recall, but a correction is still to be told."""
    if delivery.kind != "correction":
        return _sent(replace(delivery, error=""), outcome, now)
    return replace(_done(replace(delivery, sent=()), "expired", now), returned=delivery.news)


def _unchangeable(delivery: Delivery, outcome: Outcome, now: datetime) -> Settlement:
    return _gone(delivery, outcome, now) if delivery.kind == "correction" else _dead(delivery, outcome, now)


def _dead(delivery: Delivery, outcome: Outcome, now: datetime) -> Settlement:
    """A dead letter: kept for an admin to look at, in nobody's way. What a message could not be corrected by comes with the next digest."""
    return replace(_done(delivery, "failed", now), alarm=outcome.kind, returned=delivery.news)


_TABLE: Mapping[OutcomeKind, Callable[[Delivery, Outcome, datetime], Settlement]] = {
    "sent": _sent,
    "retry_after": _told_to_wait,
    "unknown": _unreached,
    "network": _unreached,
    "server_error": _unreached,
    "blocked": _pausing("blocked"),
    "deactivated": _pausing("deactivated"),
    "kicked": _pausing("kicked"),
    "no_rights": _pausing("rights"),
    "cant_initiate": _pausing("blocked"),
    "migrated": _migrated,
    "topic_closed": _topic_closed,
    "bad_entities": _refused_text,
    "too_long": _refused_text,
    "not_found": _pausing("not_found"),
    "unauthorized": _stopped,
    "unpaid": _unpaid,
    "gone": _gone,
    "unchangeable": _unchangeable,
    "rejected": _dead,
    "stale": _stale,
}
