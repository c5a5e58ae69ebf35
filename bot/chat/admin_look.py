"""Admins: what is there and how it goes: /issues, /stats, /audit. Nothing here changes anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from zoneinfo import ZoneInfo

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.chat.admin_words import issue_label
from bot.chat.callbacks import IssueList, IssuePage, PlanPush
from bot.chat.filters import Asks, FromAdmin
from bot.chat.problems import RefusedError, shorten
from bot.chat.reader import Reader
from bot.chat.sentences import Request
from bot.chat.view import View, chunk_view, grid, say, show
from bot.reasons import delivery_cause, in_language
from bot.services import Services, SourceState
from digests.html import LIMIT, strip_tags, utf16_len
from digests.ports import IssueSummary
from digests.types import AuditEntry, Button, Delivery
from subscriptions import is_subscriber_id

ISSUES = 20
AUDIT = 20
NOBODY = {0: "audit-service", -1: "audit-cli"}
"""Actors that are no users."""
STATS = ("subscribers", "paused", "subscriptions", "queries", "issues", "articles", "backlog", "backlog_seconds")


async def issues(message: Message, reader: Reader, services: Services) -> None:
    await say(message, issues_view(reader, await services.digests.issues(ISSUES)))


async def open_issues(query: CallbackQuery, reader: Reader, services: Services) -> None:
    await show(query, issues_view(reader, await services.digests.issues(ISSUES)))


def issues_view(reader: Reader, found: Sequence[IssueSummary]) -> View:
    if not found:
        return View(reader.t("issues-none"))
    lines = [_issue_line(reader, number, issue) for number, issue in enumerate(found, 1)]
    buttons = [Button(f"{n}", IssuePage(issue=issue.id, page=0).pack()) for n, issue in enumerate(found, 1)]
    return View("\n".join((reader.t("issues"), "", *lines)), grid(buttons, 5))


def _issue_line(reader: Reader, number: int, issue: IssueSummary) -> str:
    key = "issues-line" if issue.matched else "issues-line-waiting"
    line = reader.t(key, number=f"{number}", issue=shorten(issue_label(reader, issue)), articles=issue.articles)
    problems = reader.t("issues-problems", count=len(issue.problems)) if issue.problems else ""
    return f"{line}{problems}"


async def issue_page(query: CallbackQuery, callback_data: IssuePage, reader: Reader, services: Services) -> None:
    """An issue's articles, with the ways back and on to a push."""
    chunk = await services.digests.issue_page(callback_data.issue, callback_data.page, reader.language)
    if chunk is None:
        raise RefusedError("refused-issue-gone")
    back = Button(reader.plain("back"), IssueList().pack())
    push = Button(reader.plain("push-this"), PlanPush(issue=callback_data.issue).pack())
    await show(query, chunk_view(chunk, (back, push)))


def sources_view(reader: Reader, services: Services, watched: Sequence[SourceState]) -> View:
    """In brief, where no more is known than states."""
    lines = [_source_lines(reader, services, source) for source in watched]
    return View("\n\n".join((reader.t("sources", count=len(lines)), *lines)))


def _source_lines(reader: Reader, services: Services, source: SourceState) -> str:
    problem = shorten(in_language(source.problem, reader.language), 200)
    state = reader.plain("source-problem", problem=problem) if problem else reader.plain("source-fine")
    name = reader.t("source", name=source.name, address=shorten(source.address, 120))
    if source.checked is None:
        return f"{name}\n{reader.t('source-unchecked', state=state)}"
    at = f"{source.checked.astimezone(ZoneInfo(services.timezone)):%m-%d %H:%M}"
    return f"{name}\n{reader.t('source-checked', at=at, state=state)}"


async def stats(message: Message, reader: Reader, services: Services) -> None:
    counts = await services.digests.stats(reader.now)
    lines = [reader.t(f"stats-{name.replace('_', '-')}", count=counts[name]) for name in STATS if name in counts]
    await say(message, View("\n".join((reader.t("stats"), "", *lines))))


async def audit(message: Message, request: Request, reader: Reader, services: Services) -> None:
    """The admins' acts; with a chat's number what was sent there."""
    if request.args:
        await say(message, await _ledger_view(reader, services, request.args))
        return
    entries = await services.digests.audit(AUDIT)
    known = {issue.id: issue_label(reader, issue) for issue in await services.digests.issues(ISSUES)}
    lines = [_audit_line(reader, services, entry, known) for entry in entries] or [reader.t("audit-none")]
    await say(message, _newest(reader.t("audit"), lines, "", reader.t("audit-hint")))


async def _ledger_view(reader: Reader, services: Services, chat: str) -> View:
    if not is_subscriber_id(chat):
        raise RefusedError("refused-audit-chat")
    found = await services.digests.ledger(chat, AUDIT)
    lines = [_ledger_line(reader, services, one) for one in found] or [reader.t("audit-ledger-none")]
    return _newest(reader.t("audit-ledger", chat=chat), lines)


def _newest(head: str, lines: Sequence[str], *foot: str) -> View:
    """As many of the lines, the newest first, as a message holds."""
    shown, room = list[str](), LIMIT - sum(utf16_len(strip_tags(line)) + 1 for line in (head, "", *foot))
    for line in lines:
        room -= utf16_len(strip_tags(line)) + 1
        if room < 0:
            break
        shown.append(line)
    return View("\n".join((head, "", *shown, *foot)))


def _ledger_line(reader: Reader, services: Services, one: Delivery) -> str:
    """When it was made and settled, what came of it, in how many attempts, as which messages."""
    zone = ZoneInfo(services.timezone)
    made, ended = (f"{at.astimezone(zone):%m-%d %H:%M:%S}" if at else "–" for at in (one.created, one.settled))
    undone = one.kind == "recall" and one.state == "sent"  # nothing was delivered: it was deleted, or replaced
    kind, state = (
        reader.plain(f"delivery-{one.kind}"),
        reader.plain(f"delivery-state-{'done' if undone else one.state}"),
    )
    messages, attempts = " ".join(map(str, one.sent)) or "–", f"{one.attempts}"
    line = reader.t(
        "audit-ledger-line", at=made, ended=ended, kind=kind, state=state, attempts=attempts, messages=messages
    )
    return line + (
        reader.t("audit-details", detail=shorten(delivery_cause(one.error, reader.plain), 160)) if one.error else ""
    )


def _audit_line(reader: Reader, services: Services, entry: AuditEntry, known: Mapping[str, str]) -> str:
    """Who did what when; issues by the names in `known`. What only machines read (the batch) is left to `kanbao` and the log."""
    at = entry.at.astimezone(ZoneInfo(services.timezone))
    actor = reader.plain(NOBODY[entry.actor]) if entry.actor in NOBODY else f"{entry.actor}"
    key = f"audit-do-{entry.action}"
    action = reader.plain(key) if reader.texts.has(reader.language, key) else entry.action
    told = {name: _told(name, value, services) for name, value in entry.detail.items()}
    shown = [(name, known.get(value, value)) for name, value in told.items() if value and name != "batch"]
    detail = reader.plain("audit-comma").join(_audit_detail(reader, name, shorten(value, 60)) for name, value in shown)
    line = reader.t("audit-line", at=f"{at:%m-%d %H:%M}", actor=actor, action=action)
    return f"{line}{reader.t('audit-details', detail=detail)}" if detail else line


def _told(name: str, value: str, services: Services) -> str:
    """A moment in the zone of everything else here; an older entry has it in words."""
    with suppress(ValueError):
        if name == "at":
            return f"{datetime.fromisoformat(value).astimezone(ZoneInfo(services.timezone)):%m-%d %H:%M}"
    return value


def _audit_detail(reader: Reader, name: str, value: str) -> str:
    key = f"audit-of-{name}"
    return reader.plain(key, value=value) if reader.texts.has(reader.language, key) else value


def admin_look_router() -> Router:
    router = Router(name="admin-look")
    router.message.filter(FromAdmin())
    router.callback_query.filter(FromAdmin())
    router.message.register(issues, Asks("issues"))
    router.message.register(stats, Asks("stats"))
    router.message.register(audit, Asks("audit"))
    router.callback_query.register(open_issues, IssueList.filter())
    router.callback_query.register(issue_page, IssuePage.filter())
    return router
