"""`kanbao outbox`: what waits and what failed; the ledger of a reader, a line for each delivery; all that failed sent again or dropped."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from rich.console import Console

from bot.errors import StartError
from digests.types import Delivery
from subscriptions import is_subscriber_id

if TYPE_CHECKING:
    from bot.app import App

SHOWN = 100
DEAD_SHOWN = 50
MOST = 1000
"""Dead letters that are sent again or dropped at once."""
ACTOR = -1
"""The command line, in the audit trail."""

Ask = Callable[[str], bool]


def outbox_action(words: Sequence[str], out: Console, ask: Ask) -> Callable[[App], Awaitable[None]]:
    """What to do for `kanbao outbox WORDS`. Raises StartError where they mean nothing."""
    match list(words):
        case []:
            return partial(print_outbox, out=out)
        case ["retry", "all"]:
            return partial(retry_all, out=out)
        case ["drop", "all"]:
            return partial(drop_all, out=out, ask=ask)
        case [reader] if is_subscriber_id(reader):
            return partial(print_ledger, reader=reader, out=out)
    said = " ".join(words)
    raise StartError(
        f"不明白：{said}；请写会话编号、retry all 或 drop all / not understood: {said}; give a chat's number, retry all or drop all"
    )


async def print_outbox(kanbao: App, out: Console) -> None:
    chats, age = await kanbao.stores.outbox.backlog(kanbao.services.now())
    out.print(f"待发会话 / chats waiting: {chats}；最久 / oldest: {age.total_seconds():.0f} s")
    for dead in await kanbao.stores.outbox.failed(DEAD_SHOWN):
        at = dead.settled or dead.created
        line = f"没能送出 / failed: {at:%Y-%m-%d %H:%M}Z {dead.kind} {dead.subscriber} {dead.id} {dead.error}"
        out.print(line, highlight=False, markup=False)


async def retry_all(kanbao: App, out: Console) -> None:
    services = kanbao.services
    done = await services.digests.retry_all(MOST, ACTOR, services.now())
    out.print(f"已重新排队 / queued again: {done}", highlight=False)


async def drop_all(kanbao: App, out: Console, ask: Ask) -> None:
    """Off the list, once that is agreed to: those that were there when it was asked."""
    services = kanbao.services
    asked, count = services.now(), len(await services.digests.failed(MOST))
    done, question = 0, f"把没能送出的 {count} 条都移出吗？ / Drop the {count} that could not be sent?"
    if count and ask(question):
        done = await services.digests.dismiss_all(MOST, asked, ACTOR, services.now())
    out.print(f"已移出 / dropped: {done}", highlight=False)


async def print_ledger(kanbao: App, reader: str, out: Console) -> None:
    """The last made first. Where there are more than are shown, that is said."""
    found = await kanbao.stores.outbox.ledger(reader, SHOWN + 1)
    head = f"{len(found)} 条投递 / deliveries"
    if len(found) > SHOWN:
        head = f"最近 {SHOWN} 条投递，更早的未列 / the newest {SHOWN} deliveries; there are older ones"
    out.print(f"{reader}: {head}", highlight=False)
    for one in found[:SHOWN]:
        out.print(ledger_line(one), highlight=False, markup=False, soft_wrap=True)


def ledger_line(one: Delivery) -> str:
    """Times in UTC; message ids; what was said of the last attempt that failed."""
    ended = f"{one.settled:%Y-%m-%d %H:%M:%S}Z" if one.settled else "-"
    messages = ",".join(map(str, one.sent)) or "-"
    batch = f" batch={one.batch}" if one.batch else ""
    said = f" {one.error}" if one.error else ""
    return (
        f"{one.created:%Y-%m-%d %H:%M:%S}Z {one.id} {one.kind} {one.state} attempts={one.attempts} "
        f"messages={messages} settled={ended}{batch}{said}"
    )
