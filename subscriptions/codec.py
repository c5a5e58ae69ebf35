"""Values as bytes and back: plain JSON for any frozen value, and a packed form for subscribers, of whom there are millions.

No pickle: what a store holds is data, readable by any version. A field that has its default is left out, an unknown one is
skipped. Pure: knows no store.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from subscriptions.keys import bucket_of
from subscriptions.types import QUERY_BYTES, Cadence, QueryId, Settings, Subscriber, SubscriberId, Subscription

T = TypeVar("T")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
FORMAT = 4
"""Of a packed subscriber; another one is not read."""
HEAD = struct.Struct(">BIH")
"""Of a packed subscriber: format, rev, number of subscriptions. Scripts read rev and the query ids behind it: see keys.py."""

USUAL = Settings()
BARE = Subscriber("", USUAL, EPOCH)


# ---------------------------------------------------------------------------------------------- plain JSON
def to_json(value: object) -> bytes:
    return json.dumps(to_plain(value), ensure_ascii=False, separators=(",", ":")).encode()


def from_json(cls: type[T], data: bytes) -> T:
    return from_plain(cls, json.loads(data))


def to_plain(value: Any) -> Any:
    """Lists, dicts, texts and numbers only. A datetime becomes microseconds since 1970 in UTC."""
    kind: Any = type(value)
    return _writer(kind)(value)


@cache
def _writer(cls: Any) -> Callable[[Any], Any]:
    """The function that makes the plain form of a value of exactly this class; made once per class."""
    if is_dataclass(cls):
        return _dataclass_writer(cls)
    if issubclass(cls, datetime):
        return to_microseconds
    if issubclass(cls, Mapping):
        return lambda value: {key: to_plain(item) for key, item in value.items()}
    if issubclass(cls, (tuple, list)):
        return lambda value: [to_plain(item) for item in value]
    return sorted if issubclass(cls, frozenset) else _same


def _dataclass_writer(cls: Any) -> Callable[[Any], Any]:
    usual = [(f.name, f.default if f.default_factory is MISSING else f.default_factory()) for f in fields(cls)]

    def write(value: Any) -> dict[str, Any]:
        pairs = ((name, getattr(value, name), default) for name, default in usual)
        return {name: to_plain(item) for name, item, default in pairs if item is not default and item != default}

    return write


def from_plain(cls: type[T], data: Any) -> T:
    hint: Any = cls
    made: T = _reader(hint)(data)
    return made


def from_fields(cls: type[T], data: Mapping[str, Any], **made: Any) -> T:
    """A frozen value from the plain form of some of its fields, and the others as they are."""
    hint: Any = cls
    return cls(**_fields(hint)(data), **made)


def to_microseconds(moment: datetime) -> int:
    """Since 1970 in UTC; exact, also as a score in Redis (2^53)."""
    return (moment - EPOCH) // _MICROSECOND


def moment(microseconds: int) -> datetime:
    return EPOCH + timedelta(microseconds=microseconds)


def _same(value: Any) -> Any:
    return value


@cache
def _reader(hint: Any) -> Callable[[Any], Any]:
    """The function that makes a value of type `hint` from its plain form; made once per type."""
    if hint is datetime:
        return moment
    if is_dataclass(hint):
        return _dataclass_reader(hint)
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        inner = _reader(next(arg for arg in args if arg is not type(None)))
        return lambda data: None if data is None else inner(data)
    if origin is tuple:
        return _tuple_reader(args)
    if origin is frozenset:
        return frozenset
    if isinstance(origin, type) and issubclass(origin, Mapping):
        inner = _reader(args[1])
        return lambda data: {key: inner(item) for key, item in data.items()}
    return _same


def _tuple_reader(args: Sequence[Any]) -> Callable[[Any], Any]:
    if args[-1] is Ellipsis:
        one = _reader(args[0])
        return tuple if one is _same else lambda data: tuple(map(one, data))
    each = [_reader(arg) for arg in args]
    return lambda data: tuple(read(item) for read, item in zip(each, data, strict=True))


def _dataclass_reader(cls: Any) -> Callable[[Any], Any]:
    read = _fields(cls)
    return lambda data: cls(**read(data))


@cache
def _fields(cls: Any) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    hints = get_type_hints(cls)
    readers = {f.name: _reader(hints[f.name]) for f in fields(cls)}
    return lambda data: {name: readers[name](item) for name, item in data.items() if name in readers}


# ---------------------------------------------------------------------------------------------- packed subscribers
def pack_subscriber(subscriber: Subscriber) -> bytes:
    """Head, query ids (QUERY_BYTES each), one byte each "i" if a hit makes the reader due at once, else "-", numbers, and what is
    not as usual as JSON. About 90 bytes with three subscriptions; neither the id nor the queries' texts are in it."""
    held = subscriber.subscriptions
    served = 0 if subscriber.served is None else to_microseconds(subscriber.served) // 1_000_000
    numbers = [to_microseconds(subscriber.created), served]
    for subscription in held:
        numbers += subscription.cursor, (subscription.created - subscriber.created) // _MICROSECOND
    return b"".join([
        HEAD.pack(FORMAT, subscriber.rev, len(held)),
        *(bytes.fromhex(s.query_id) for s in held),
        *(b"i" if is_instant(subscriber, s) else b"-" for s in held),
        _pack_numbers(numbers),
        _unusual(subscriber),
    ])  # fmt: skip


def unpack_subscriber(id: SubscriberId, data: bytes, texts: Mapping[QueryId, str]) -> Subscriber:
    """`texts`: the canonical queries, of packed_queries(data) at least. Raises ValueError for another format."""
    if data[0] != FORMAT:
        raise ValueError(f"subscriber {id} is stored in format {data[0]}, not {FORMAT}")
    queries = packed_queries(data)
    at = HEAD.size + (QUERY_BYTES + 1) * len(queries)
    numbers, at = _unpack_numbers(data, at, 2 + 2 * len(queries))
    created, served = moment(numbers[0]), numbers[1]
    held = [
        Subscription(query, texts[query], cursor, created + timedelta(microseconds=later))
        for query, cursor, later in zip(queries, numbers[2::2], numbers[3::2], strict=True)
    ]
    rev, rest = HEAD.unpack_from(data)[1], data[at:]
    served_at = moment(served * 1_000_000) if served else None
    usual = Subscriber(id, USUAL, created, tuple(held), rev=rev, served=served_at)
    return _with_unusual(usual, json.loads(rest)) if rest else usual


def put_words(subscriber: Subscriber, rev: int, due: int | None) -> tuple[str | bytes, ...]:
    """What the script put_subscriber is called with, after the tag: store the value as `rev + 1` if `rev` is there."""
    return (
        subscriber.id,
        str(bucket_of(subscriber.id)),
        rev.to_bytes(4, "big"),
        pack_subscriber(replace(subscriber, rev=rev + 1)),
        "" if due is None else str(due),
        "0" if subscriber.paused and not subscriber.asked else "1",
    )


def packed_queries(data: bytes) -> list[QueryId]:
    count = HEAD.unpack_from(data)[2]
    return raw_queries(data[HEAD.size : HEAD.size + QUERY_BYTES * count])


def raw_queries(ids: bytes) -> list[QueryId]:
    """Of ids stored one after the other."""
    return [ids[at : at + QUERY_BYTES].hex() for at in range(0, len(ids), QUERY_BYTES)]


def is_instant(subscriber: Subscriber, subscription: Subscription) -> bool:
    """Whether a hit makes the reader due at once: the subscription's own cadence, else the reader's; never while paused."""
    return subscriber.paused is None and (subscription.cadence or subscriber.settings.cadence).kind == "instant"


def _unusual(subscriber: Subscriber) -> bytes:
    """What differs from a reader with the usual settings; by place the subscriptions' own cadences, and what waits for them."""
    bare = replace(subscriber, id="", created=EPOCH, subscriptions=(), rev=0, served=None)
    cadences = {i: to_plain(s.cadence) for i, s in enumerate(subscriber.subscriptions) if s.cadence is not None}
    waiting = {i: s.waiting for i, s in enumerate(subscriber.subscriptions) if s.waiting}
    by_place = {name: places for name, places in (("cadences", cadences), ("waiting", waiting)) if places}
    return b"" if bare == BARE and not by_place else to_json({**to_plain(bare), **by_place})


def _with_unusual(subscriber: Subscriber, rest: dict[str, Any]) -> Subscriber:
    cadences = {int(place): from_plain(Cadence, plain) for place, plain in rest.pop("cadences", {}).items()}
    waiting = {int(place): tuple(articles) for place, articles in rest.pop("waiting", {}).items()}
    held = [
        replace(s, cadence=cadences.get(place), waiting=waiting.get(place, ()))
        for place, s in enumerate(subscriber.subscriptions)
    ]
    read = from_plain(Subscriber, rest)
    return replace(
        read, id=subscriber.id, created=subscriber.created, subscriptions=tuple(held), rev=subscriber.rev,
        served=subscriber.served,
    )  # fmt: skip


def _pack_numbers(numbers: Sequence[int]) -> bytes:
    """Half a byte each that says how many bytes it takes, then these, big-endian; the sign is the last bit."""
    folded = [number << 1 if number >= 0 else ~number << 1 | 1 for number in numbers]
    sizes = [(number.bit_length() + 7) // 8 for number in folded]
    pairs = zip(sizes[::2], sizes[1::2], strict=True)
    return bytes(first << 4 | second for first, second in pairs) + b"".join(
        number.to_bytes(size, "big") for number, size in zip(folded, sizes, strict=True)
    )


def _unpack_numbers(data: bytes, at: int, count: int) -> tuple[list[int], int]:
    """An even number of them, and where they end."""
    numbers = []
    sizes = data[at : at + count // 2]
    at += len(sizes)
    for pair in sizes:
        for size in (pair >> 4, pair & 15):
            folded = int.from_bytes(data[at : at + size], "big")
            numbers.append(~(folded >> 1) if folded & 1 else folded >> 1)
            at += size
    return numbers, at
