"""`kanbao outbox READER`: the ledger of a reader, a line for each delivery. Decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console

from digests.types import Delivery

if TYPE_CHECKING:
    from bot.app import App

SHOWN = 100


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
