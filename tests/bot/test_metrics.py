"""The metrics, their page in the docs and the dashboard say the same; the dashboard asks for nothing that there is not."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

from bot.metrics import MEANINGS, Metrics, document, families

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_is_made_from_the_code() -> None:
    """If this fails: python -m bot.metrics > docs/metrics.md"""
    assert (DOCS / "metrics.md").read_text("utf-8") == document()


def test_every_metric_has_a_meaning_and_every_meaning_a_metric() -> None:
    assert [name for name, _, _ in families()] == list(MEANINGS)
    assert len(families()) == len([name for name in vars(Metrics()) if name != "registry"])


def test_the_dashboard_asks_for_what_there_is() -> None:
    board = json.loads((DOCS / "grafana.json").read_text("utf-8"))
    asked = {target["expr"] for panel in board["panels"] for target in panel["targets"]}
    names = {name for query in asked for name in re.findall(r"kanbao_\w+", query)}
    known = set(MEANINGS) | {
        f"{name}_{end}" for name, kind, _ in families() if kind == "histogram" for end in ("bucket", "sum", "count")
    }
    assert names and names <= known
    plain = {re.sub(r"_(bucket|sum|count)$", "", name) for name in names}
    assert plain == set(MEANINGS)


def test_what_is_told() -> None:
    metrics = Metrics()
    metrics.messages.labels("sent").inc(3)
    metrics.backlog(7, timedelta(seconds=90))
    page = metrics.page().decode()
    assert 'kanbao_messages_total{outcome="sent"} 3.0' in page
    assert "kanbao_outbox_chats 7.0" in page and "kanbao_outbox_oldest_seconds 90.0" in page
