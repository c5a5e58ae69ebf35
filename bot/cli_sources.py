"""`kanbao sources` and `kanbao sources try`: what is watched and how it fares, and how an address is read step by step.

Prints; decides nothing. Trying needs no store.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.app import App, present
from bot.settings import Settings
from bot.source_service import SourceService, address_of, health
from bot.source_web import SourceWeb
from digests.admin_memory import MemoryAdminStore
from digests.sources_memory import MemorySourceStore

HEALTH = {
    "fine": "正常 fine", "new": "未看 new", "paused": "暂停 paused", "failing": "失败 failing", "stopped": "停止 stopped",
}  # fmt: skip


async def print_sources(app: App, out: Console) -> None:
    service, zone = app.services.sources, ZoneInfo(app.settings.timezone)
    assert service is not None
    inbox = await service.inbox()
    table = Table("来源", "种类", "地址", "状况", "上次查看", "上次成功", "失败", "下次", "问题")
    table.add_row("收件目录 inbox", "folder", escape(inbox.address), "", "", "", "", "", escape(inbox.problem) or "–")
    for one in await service.all():
        state, times = one.state, (one.state.checked_at, one.record.succeeded, one.due)
        checked, succeeded, due = (_at(moment, zone) for moment in times)
        table.add_row(
            one.spec.name, one.spec.kind, escape(address_of(one.spec)), HEALTH[health(one)], checked, succeeded,
            f"{state.failures}", due, escape(state.stopped or state.problem) or "–",
        )  # fmt: skip
    out.print(table)


def _at(moment: datetime | None, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%m-%d %H:%M}" if moment else "–"


async def print_steps(settings: Settings, address: str, profile: str, out: Console) -> bool:
    """Whether every step found what it expected. Raises UnreadableError for a wrong profile."""
    store = MemorySourceStore()
    web = SourceWeb(settings.data_dir, store, settings.timezone)
    service = SourceService(store, web, MemoryAdminStore(), list, present)
    try:
        return await print_try(service, address, profile, out)
    finally:
        await web.close()


async def print_try(service: SourceService, address: str, profile: str, out: Console) -> bool:
    steps = await service.try_steps(address, profile)
    for number, step in enumerate(steps, 1):
        mark = "[green]✓[/green]" if step.ok else "[red]✗[/red]"
        out.print(f"{mark} {number}. 应有 expected: {escape(step.expected)}", highlight=False)
        out.print(f"     找到 found: {escape(step.found) or '–'}", highlight=False)
    return all(step.ok for step in steps)
