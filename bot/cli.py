"""The command `kanbao`: run, read, doctor, and looking at what the service holds.

Calls the same services as the chat and the pages. Results go to standard output, progress and messages to standard
error, so that scripts can read the first. Heavy imports wait until a command needs them.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer
import uvloop
from rich.console import Console
from rich.progress import track
from rich.table import Table

if TYPE_CHECKING:
    from bot.app import App
    from digests.types import Issue

app = typer.Typer(
    help="刊报 Kanbao：读报，拆成文章，按主题推送。\n\nReads issues, takes them apart, pushes digests by topic.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
)
sources_app = typer.Typer()
app.add_typer(sources_app, name="sources")
out, err = Console(soft_wrap=True), Console(stderr=True, soft_wrap=True)
T = TypeVar("T")
STATS_ZH = {
    "subscribers": "读者", "paused": "其中暂停", "subscriptions": "订阅", "issues": "报刊期数", "articles": "文章",
    "backlog": "等待发送", "backlog_seconds": "最久已等秒数",
}  # fmt: skip


@app.command()
def run(
    only: Annotated[
        str, typer.Option(help="watch,match,compose,deliver,chat,web：只运行这些角色 / only these roles")
    ] = "",
) -> None:
    """启动服务 / Run the service."""
    from bot.run import serve
    from bot.settings import load_settings, unknown_in_environment

    for line in unknown_in_environment():
        err.print(line, style="yellow", highlight=False, markup=False)
    _exit_on_error(lambda: uvloop.run(serve(load_settings(), only)))


@app.command()
def read(
    paths: Annotated[list[Path], typer.Argument(help="文件，或一期的文件夹 / files, or folders of pages")],
    as_json: Annotated[bool, typer.Option("--json", help="每期一行 JSON / one JSON object an issue")] = False,
) -> None:
    """读一期报刊 / Read issues and print what they say."""
    from bot.issue_json import issue_json
    from digests.enrich import load_knowledge
    from digests.errors import DigestsError
    from digests.read import read_issue
    from digests.sources.files import load_issue

    knowledge = load_knowledge()
    failed = False
    for path in track(paths, "读报 Reading", console=err, disable=not err.is_terminal or len(paths) < 2):
        try:
            issue = read_issue(load_issue(path), knowledge)
        except DigestsError as error:
            err.print(f"[red]{error}[/red]", highlight=False)
            failed = True
            continue
        if as_json:
            sys.stdout.write(json.dumps(issue_json(issue, str(path)), ensure_ascii=False) + "\n")
        else:
            _print_issue(path, issue)
    raise typer.Exit(1 if failed else 0)


@app.command()
def doctor(
    quick: Annotated[bool, typer.Option(help="只看服务是否健康 / only whether the running service is well")] = False,
) -> None:
    """检查环境 / Check the set-up: one line each, and how to mend it."""
    from bot.doctor import run_doctor

    raise typer.Exit(_exit_on_error(lambda: run_doctor(quick=quick)))


@app.command()
def topics() -> None:
    """列出主题 / List the topics."""

    async def show(kanbao: App) -> None:
        table = Table("主题", "English", "定义")
        for topic in await kanbao.services.digests.topics():
            table.add_row(topic.name, topic.name_en, topic.definition)
        out.print(table)

    _with_app(show)


@sources_app.callback(invoke_without_command=True)
def sources(context: typer.Context) -> None:
    """列出监看的来源，或试读一个网址 / List what is watched with its health, or try an address."""
    from bot.cli_sources import print_sources

    if context.invoked_subcommand is None:
        _with_app(lambda kanbao: print_sources(kanbao, out))


@sources_app.command("try")
def try_source(
    address: Annotated[str, typer.Argument(help="网址 / the address")],
    profile: Annotated[str, typer.Option(help="方案名 / a profile's name")] = "",
) -> None:
    """逐步试读 / Try to read an address, step by step: what was expected, what was found."""
    from bot.cli_sources import print_steps
    from bot.settings import load_settings

    ok = _exit_on_error(lambda: asyncio.run(print_steps(load_settings(), address, profile, out)))
    raise typer.Exit(0 if ok else 1)


@app.command()
def subscriptions() -> None:
    """统计订阅 / Count subscribers and what they ask for."""

    async def show(kanbao: App) -> None:
        table = Table("项目", "数量")
        for name, count in (await kanbao.services.digests.stats(kanbao.services.now())).items():
            table.add_row(f"{STATS_ZH.get(name, '')} {name}".strip(), str(count))
        out.print(table)

    _with_app(show)


@app.command(context_settings={"ignore_unknown_options": True})  # a group's number begins with a hyphen
def outbox(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[READER | retry all | drop all]",
            help="会话编号，看它的投递记录；retry all 全部重发，drop all 全部移出 "
            "/ a chat's number, to see its ledger; retry or drop all that failed",
        ),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="不再问 / without asking")] = False,
) -> None:
    """查看待发，或一位读者的投递记录；处理没能送出的 / Look at what waits or at a reader's ledger; deal with what failed."""
    from bot.cli_outbox import outbox_action

    def agreed(question: str) -> bool:
        return yes or typer.confirm(question)

    action = _exit_on_error(lambda: outbox_action(words or [], out, agreed))
    _with_app(action)


def _print_issue(path: Path, issue: Issue) -> None:
    from bot.issue_text import issue_lines

    for line in issue_lines(path, issue):
        out.print(line, highlight=False)


def _with_app(action: Callable[[App], Awaitable[None]]) -> None:
    from bot.app import open_app
    from bot.settings import load_settings

    async def go() -> None:
        async with open_app(load_settings()) as kanbao:
            await action(kanbao)

    _exit_on_error(lambda: asyncio.run(go()))


def _exit_on_error(action: Callable[[], T]) -> T:
    """Errors that a person can mend are one line and exit code 2, without a traceback."""
    from bot.errors import KanbaoError
    from digests.errors import DigestsError
    from subscriptions import SubscriptionsError

    try:
        return action()
    except (KanbaoError, DigestsError, SubscriptionsError) as error:
        err.print(f"[red]{error}[/red]", highlight=False)
        raise typer.Exit(2) from error
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


def main() -> None:
    app()
