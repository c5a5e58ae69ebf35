"""Who wants what, and which queries match a text. Knows nobody: imports nothing of digests or bot."""

from subscriptions.aliases import AliasTable
from subscriptions.codec import from_json, moment, put_words, to_json, to_microseconds
from subscriptions.due import SlotTaken, cadence_of, is_due, last_slot, next_due, subscriber_due, take_slot
from subscriptions.errors import ConflictError, LimitError, NotFoundError, QueryError, StoreError, SubscriptionsError
from subscriptions.evaluate import evaluate
from subscriptions.keys import PUT_SUBSCRIBER, SHARDS, bucket_of, chat_shard, chat_tag, query_shard, query_tag
from subscriptions.lua import Call, Client, Runner, Script, Word, wall
from subscriptions.matcher import Matcher
from subscriptions.parse import QUERY_ERROR_PARAMS, QUERY_ERRORS, parse_query
from subscriptions.ports import SubscriberStore
from subscriptions.query import Query, positive_terms, print_query, query_id, topics_of
from subscriptions.subscribers_memory import MemorySubscriberStore
from subscriptions.text import NormalText, fold, normalise
from subscriptions.types import (
    Alias,
    Cadence,
    Document,
    Figure,
    Language,
    Length,
    Match,
    PauseReason,
    QueryId,
    Settings,
    Span,
    Subscriber,
    SubscriberId,
    Subscription,
    chat_of,
    subscriber_id,
    thread_of,
)

__all__ = [
    "PUT_SUBSCRIBER",
    "QUERY_ERRORS",
    "QUERY_ERROR_PARAMS",
    "SHARDS",
    "Alias",
    "AliasTable",
    "Cadence",
    "Call",
    "Client",
    "ConflictError",
    "Document",
    "Figure",
    "Language",
    "Length",
    "LimitError",
    "Match",
    "Matcher",
    "MemorySubscriberStore",
    "NormalText",
    "NotFoundError",
    "PauseReason",
    "Query",
    "QueryError",
    "QueryId",
    "Runner",
    "Script",
    "Settings",
    "SlotTaken",
    "Span",
    "StoreError",
    "Subscriber",
    "SubscriberId",
    "SubscriberStore",
    "Subscription",
    "SubscriptionsError",
    "Word",
    "bucket_of",
    "cadence_of",
    "chat_of",
    "chat_shard",
    "chat_tag",
    "evaluate",
    "fold",
    "from_json",
    "is_due",
    "last_slot",
    "moment",
    "next_due",
    "normalise",
    "parse_query",
    "positive_terms",
    "print_query",
    "put_words",
    "query_id",
    "query_shard",
    "query_tag",
    "subscriber_due",
    "subscriber_id",
    "take_slot",
    "thread_of",
    "to_json",
    "to_microseconds",
    "topics_of",
    "wall",
]
