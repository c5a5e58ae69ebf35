"""How a delivery is named in the log: the same fields wherever it is spoken of, so that one search finds its whole way, from the
issue (`issue` of the events issue and matched) to what Telegram said."""

from __future__ import annotations

from digests.types import Delivery


def named(delivery: Delivery) -> dict[str, str]:
    """`delivery`, `subscriber`, `kind`; `issues` of a digest and `batch` of a push, where it has them."""
    fields = {"delivery": delivery.id, "subscriber": delivery.subscriber, "kind": delivery.kind}
    if delivery.digest is not None:
        fields["issues"] = ",".join(delivery.digest.issues)
    if delivery.batch:
        fields["batch"] = delivery.batch
    return fields
