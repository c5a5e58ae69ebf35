"""What the digest stores hold, as bytes and back, and how long they hold it. Pure: knows no store.

A delivery has a head that scripts can read: `state;attempts;sent,sent;settled;batch`, a line feed, then JSON; its digest in a
line of its own, for many readers get the same, which is then read once.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import cast

from digests.types import Delivery, DeliveryState, Digest
from subscriptions import Match, QueryId, Span, from_fields, from_json, moment, to_json, to_microseconds

HAD_KEPT = 1024
"""Articles remembered as given, per subscriber."""

LEDGER = timedelta(days=45)
"""How long settled deliveries are kept, unless the settings say otherwise: longer than Telegram lets anybody edit a message."""

AUDIT_KEPT = 10_000


def pack_delivery(delivery: Delivery) -> bytes:
    settled = "" if delivery.settled is None else to_microseconds(delivery.settled)
    sent = ",".join(map(str, delivery.sent))
    head = f"{delivery.state};{delivery.attempts};{sent};{settled};{delivery.batch}\n"
    rest = replace(
        delivery, digest=None, state="queued", attempts=0, sent=(), settled=None, batch="", claimed_until=None
    )
    digest = b"" if delivery.digest is None else b"\n" + to_json(delivery.digest)
    return head.encode() + to_json(rest) + digest


def unpack_delivery(data: bytes, claimed_until: datetime | None = None) -> Delivery:
    """`claimed_until`: of the claim by which it is read."""
    head, _, rest = data.partition(b"\n")
    body, _, digest = rest.partition(b"\n")
    state, attempts, sent, settled, batch = head.decode().split(";", 4)
    return from_fields(
        Delivery,
        json.loads(body),
        digest=_digest(digest) if digest else None,
        state=cast(DeliveryState, state),
        attempts=int(attempts),
        sent=tuple(int(id) for id in sent.split(",") if id),
        settled=moment(int(settled)) if settled else None,
        batch=batch,
        claimed_until=claimed_until,
    )


@lru_cache(256)
def _digest(data: bytes) -> Digest:
    return from_json(Digest, data)


def pack_match(match: Match) -> bytes:
    """Without the query's id: `{"term": [["title", 0, 4], ...]}` and, if any, the aliases."""
    terms = {term: [[s.field, s.start, s.end] for s in spans] for term, spans in match.terms.items()}
    parts = [terms, dict(match.aliases)] if match.aliases else [terms]
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()


def unpack_match(query: QueryId, data: bytes) -> Match:
    terms, *aliases = json.loads(data)
    return Match(query, {term: tuple(Span(*span) for span in spans) for term, spans in terms.items()}, *aliases)


def pack_numbers(numbers: Sequence[int]) -> bytes:
    """Four bytes each, highest first."""
    return b"".join(number.to_bytes(4, "big") for number in numbers)


def unpack_numbers(data: bytes) -> list[int]:
    return [int.from_bytes(data[at : at + 4], "big") for at in range(0, len(data), 4)]
