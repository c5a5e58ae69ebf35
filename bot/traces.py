"""Traces by OpenTelemetry, for who wants them: of each issue from its arrival to its match, of each delivery from due to settled.

Imported only where they are on (`KANBAO_TRACES`), for the libraries are an extra. The spans are made once their end is known, from
the times that the stores keep, and the ids follow from those in the log: so any number of processes write the same trace, and
nothing is handed from one to another. What the collector does not take in time is lost; nobody waits for it.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import datetime
from hashlib import blake2b

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.trace import NonRecordingSpan, SpanContext, StatusCode, TraceFlags, set_span_in_context

from bot.delivery_log import named
from digests.settle import Outcome
from digests.types import Delivery

PATIENCE = 2.0
"""Seconds for one request to the collector, and for all that are left at the end of the service."""
PATH = "/v1/traces"
WRONG = frozenset({"failed", "expired", "uncertain"})


class Traces:
    """`processor` takes what is finished."""

    def __init__(self, processor: SpanProcessor) -> None:
        self._ids = _Ids()
        self._provider = TracerProvider(
            resource=Resource({SERVICE_NAME: "kanbao"}), id_generator=self._ids, shutdown_on_exit=False
        )
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer("kanbao")

    def issue(self, issue: str, arrived: datetime, matched: datetime, **counts: int) -> None:
        """From the moment at which it was first seen until its articles, or those that came since, were matched."""
        self._root(f"issue {issue}", matched.isoformat(), "issue", arrived, matched, {"issue": issue, **counts})

    def attempt(self, delivery: Delivery, begun: datetime, ended: datetime, outcome: Outcome) -> None:
        """One message to Telegram, below the delivery that it belongs to."""
        trace, root = _trace(delivery), _number(f"delivery {delivery.id}", 8)
        above = SpanContext(trace, root, is_remote=True, trace_flags=TraceFlags(TraceFlags.SAMPLED))
        details = {"outcome": outcome.kind, "attempts": delivery.attempts, "error": outcome.description}
        context = set_span_in_context(NonRecordingSpan(above), Context())
        self._span("attempt", context, begun, ended, named(delivery) | details, outcome.kind != "sent")

    def delivery(self, delivery: Delivery, ended: datetime) -> None:
        """From the moment at which it was due until it was settled for good."""
        details = {"state": delivery.state, "attempts": delivery.attempts, "error": delivery.error}
        self._root(
            f"delivery {delivery.id}", "", "delivery", delivery.created, ended, named(delivery) | details, delivery.state in WRONG
        )  # fmt: skip

    def close(self) -> None:
        """Tell the rest; blocks for as long as that takes, and no longer than PATIENCE."""
        telling = threading.Thread(target=self._provider.shutdown, name="traces", daemon=True)
        telling.start()
        telling.join(PATIENCE)

    def _root(
        self,
        seed: str,
        turn: str,
        name: str,
        begun: datetime,
        ended: datetime,
        details: Mapping[str, str | int],
        wrong: bool = False,
    ) -> None:
        """`turn`: what tells several roots of the same trace apart."""
        self._ids.given = _number(seed, 16), _number(seed + turn, 8)
        self._span(name, Context(), begun, ended, details, wrong)

    def _span(
        self,
        name: str,
        context: Context,
        begun: datetime,
        ended: datetime,
        details: Mapping[str, str | int],
        wrong: bool,
    ) -> None:
        span = self._tracer.start_span(name, context, attributes=dict(details), start_time=_nanoseconds(begun))
        if wrong:
            span.set_status(StatusCode.ERROR, str(details.get("error", "")))
        span.end(_nanoseconds(max(begun, ended)))


class _Ids:
    """An IdGenerator: those that were given for the next root, else by chance."""

    def __init__(self) -> None:
        self.given: tuple[int, int] | None = None
        self._chance = RandomIdGenerator()

    def generate_trace_id(self) -> int:
        return self.given[0] if self.given else int(self._chance.generate_trace_id())

    def is_trace_id_random(self) -> bool:
        return False

    def generate_span_id(self) -> int:
        given, self.given = self.given, None
        return given[1] if given else int(self._chance.generate_span_id())


def open_traces(url: str) -> Traces:
    """Told to the collector at `url` in the background, in portions."""
    address = url if url.endswith(PATH) else f"{url}{PATH}"
    return Traces(BatchSpanProcessor(OTLPSpanExporter(endpoint=address, timeout=PATIENCE)))


def _trace(delivery: Delivery) -> int:
    return _number(f"delivery {delivery.id}", 16)


def _number(seed: str, size: int) -> int:
    return int.from_bytes(blake2b(seed.encode(), digest_size=size).digest(), "big")


def _nanoseconds(at: datetime) -> int:
    return round(at.timestamp() * 1_000_000) * 1000
