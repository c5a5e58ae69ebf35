"""What can be measured of a running service, in Prometheus' words; docs/metrics.md is made from it (`python -m bot.metrics`).

One Metrics for each process, handed to whoever measures. Counts and times only: no reader, no text, no token.
"""

from __future__ import annotations

import sys
from datetime import timedelta

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
AGES = (1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0, 6 * 3600.0, 36 * 3600.0)
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

MEANINGS = {
    "kanbao_messages_total": ("发出的消息，按结果", "messages tried, by what came of each"),
    "kanbao_send_seconds": ("一次发送请求用时", "how long one request to send took"),
    "kanbao_deliveries_total": ("了结的投递，按状态", "deliveries settled, by state"),
    "kanbao_delivery_age_seconds": ("投递从产生到发出的时间", "from the making of a delivery to its being sent"),
    "kanbao_relay_held": ("已领取、尚未发送的投递", "deliveries claimed and not yet on their way"),
    "kanbao_relay_in_flight": ("正在等待 Telegram 答复的消息", "messages that wait for Telegram's answer"),
    "kanbao_relay_lapsed_total": (
        "领取后拖得太久、留给别的进程的投递",
        "deliveries held too long and left to other processes",
    ),
    "kanbao_relay_handed_back_total": (
        "未尝试即交还的投递",
        "deliveries handed back untried: their turn was far off, the Bot API out of reach, or the process ended",
    ),
    "kanbao_retry_after_seconds_total": ("Telegram 要求等待的秒数之和", "seconds that Telegram asked us to wait"),
    "kanbao_renders_total": ("渲染，按新做或沿用", "renderings, by made anew or remembered"),
    "kanbao_answer_wait_seconds": (
        "读者的命令等待发送许可的时间",
        "how long an answer to a reader waited for its turn",
    ),
    "kanbao_updates_total": (
        "webhook 收到的更新：handled 已处理，repeated 早已处理，busy 别的副本正在处理，slow 先答复后做完，refused 密钥不对，"
        "unclaimed 存储不可用，closing 正在结束",
        "updates that the webhook got: handled; repeated, handled before; busy, at another replica; slow, answered first and finished "
        "then; refused, without the secret; unclaimed, no store; closing",
    ),
    "kanbao_outbox_chats": ("有待发内容的聊天（全体进程）", "chats with something to send, over all processes"),
    "kanbao_outbox_oldest_seconds": ("最久的到期投递已等待的时间", "for how long the oldest due chat has waited"),
}


class Metrics:
    """Names and meanings: MEANINGS, under the same names."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.messages = self._counter("messages_total", "outcome")
        self.send_seconds = self._histogram("send_seconds", SECONDS)
        self.deliveries = self._counter("deliveries_total", "state")
        self.delivery_age = self._histogram("delivery_age_seconds", AGES)
        self.held = self._gauge("relay_held")
        self.in_flight = self._gauge("relay_in_flight")
        self.lapsed = self._counter("relay_lapsed_total")
        self.handed_back = self._counter("relay_handed_back_total")
        self.retry_after = self._counter("retry_after_seconds_total")
        self.renders = self._counter("renders_total", "source")
        self.answer_wait = self._histogram("answer_wait_seconds", SECONDS)
        self.updates = self._counter("updates_total", "outcome")
        self.outbox_chats = self._gauge("outbox_chats")
        self.outbox_oldest = self._gauge("outbox_oldest_seconds")

    def backlog(self, chats: int, oldest: timedelta) -> None:
        self.outbox_chats.set(chats)
        self.outbox_oldest.set(oldest.total_seconds())

    def page(self) -> bytes:
        """What /metrics answers; CONTENT_TYPE goes with it."""
        return generate_latest(self.registry)

    def _counter(self, name: str, *labels: str) -> Counter:
        return Counter(f"kanbao_{name}", MEANINGS[f"kanbao_{name}"][1], labels, registry=self.registry)

    def _gauge(self, name: str) -> Gauge:
        return Gauge(f"kanbao_{name}", MEANINGS[f"kanbao_{name}"][1], registry=self.registry)

    def _histogram(self, name: str, buckets: tuple[float, ...]) -> Histogram:
        meaning = MEANINGS[f"kanbao_{name}"][1]
        return Histogram(f"kanbao_{name}", meaning, registry=self.registry, buckets=buckets)


def families() -> list[tuple[str, str, tuple[str, ...]]]:
    """Name as Prometheus sees it, kind, labels, in the order of MEANINGS."""
    found = {}
    for name, made in vars(Metrics()).items():
        if name != "registry":
            (family,) = made.describe()
            full = f"{family.name}_total" if family.type == "counter" else family.name
            found[full] = (full, family.type, made._labelnames)
    return [found[name] for name in MEANINGS]


INTRO = """# 指标 Metrics

有令牌时，网页的 `/metrics` 以 Prometheus 的格式给出下列指标，每个进程各自一份；`docs/grafana.json` 是现成的 Grafana 面板。
With a token, the web pages answer `/metrics` in Prometheus' format, each process for itself; `docs/grafana.json` is a dashboard for Grafana.

| 名称 name | 种类 kind | 标签 labels | 含义 meaning |
|---|---|---|---|
"""


def document() -> str:
    """docs/metrics.md."""
    rows = []
    for name, kind, labels in families():
        zh, en = MEANINGS[name]
        rows.append(f"| `{name}` | {kind} | {', '.join(f'`{label}`' for label in labels) or '–'} | {zh}<br>{en} |")
    return INTRO + "\n".join(rows) + "\n"


if __name__ == "__main__":
    sys.stdout.write(document())
