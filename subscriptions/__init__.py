"""Who wants what, and which queries match a text. Knows nobody: imports nothing of digests or bot."""

from subscriptions.aliases import (
    AliasTable,
)
from subscriptions.due import (
    SlotTaken,
    cadence_of,
    is_due,
    last_slot,
    next_due,
    subscriber_due,
    take_slot,
)
from subscriptions.errors import (
    ConflictError,
    LimitError,
    NotFoundError,
    QueryError,
    StoreError,
    SubscriptionsError,
)
from subscriptions.evaluate import (
    evaluate,
)
from subscriptions.parse import (
    QUERY_ERROR_PARAMS,
    QUERY_ERRORS,
    parse_query,
)
from subscriptions.ports import (
    SubscriberStore,
)
from subscriptions.query import (
    Query,
    positive_terms,
    print_query,
    query_id,
    topics_of,
)
from subscriptions.text import (
    NormalText,
    fold,
    normalise,
)
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
    "QUERY_ERRORS",
    "QUERY_ERROR_PARAMS",
    "Alias",
    "AliasTable",
    "Cadence",
    "ConflictError",
    "Document",
    "Figure",
    "Language",
    "Length",
    "LimitError",
    "Match",
    "NormalText",
    "NotFoundError",
    "PauseReason",
    "Query",
    "QueryError",
    "QueryId",
    "Settings",
    "SlotTaken",
    "Span",
    "StoreError",
    "Subscriber",
    "SubscriberId",
    "SubscriberStore",
    "Subscription",
    "SubscriptionsError",
    "cadence_of",
    "chat_of",
    "evaluate",
    "fold",
    "is_due",
    "last_slot",
    "next_due",
    "normalise",
    "parse_query",
    "positive_terms",
    "print_query",
    "query_id",
    "subscriber_due",
    "subscriber_id",
    "take_slot",
    "thread_of",
    "topics_of",
]
