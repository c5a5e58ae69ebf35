"""Admins: /sources, and adding one: Kanbao looks at the address, says what it found, shows a sample, asks, then watches.

Nothing is kept between the question and the answer: the message that asks shows name and address, and the tap reads them there.
A source is named in buttons by a hash of its name.
"""

from __future__ import annotations

from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

from aiogram import F, Router
from aiogram.types import CallbackQuery, Message

from bot.chat.admin_look import sources_view
from bot.chat.admin_rhythm import SKIP, rhythm_view, settled, skip
from bot.chat.callbacks import DATA_LIMIT, AddSource, OpenSource, OpenSources
from bot.chat.filters import Asks, FromAdmin
from bot.chat.problems import RefusedError, shorten
from bot.chat.reader import Reader
from bot.chat.sentences import Request
from bot.chat.view import View, change, grid, say, show
from bot.reasons import in_language
from bot.services import Services
from bot.source_service import Look, SourceService, address_of, health, source_id
from digests.sources.epaper_profile import ready_papers
from digests.sources.registry import KINDS, SourceKind, SourceSpec, Watched
from digests.types import Button

MARKS = {"fine": "🟢", "new": "⚪", "paused": "⏸", "failing": "🟠", "stopped": "🔴"}
SHOWN = 60
"""Sources in one message."""
ADD = frozenset({"add", "增加", "添加", "加"})


def service_of(services: Services) -> SourceService:
    if services.sources is None:
        raise RefusedError("refused-no-sources")
    return services.sources


# ---------------------------------------------------------------------------------------------- looking
async def sources(message: Message, request: Request, reader: Reader, services: Services) -> None:
    """Without a word the list; `add ADDRESS [NAME]` looks there; a name opens that source."""
    head, _, rest = request.args.partition(" ")
    if head.lower() in ADD:
        await add(message, rest.strip(), reader, services)
    elif head.lower() in SKIP:
        await say(message, await skip(rest, reader, service_of(services)))
    elif request.args and services.sources is not None:
        await say(message, source_view(reader, services, await services.sources.get(request.args)))
    else:
        await say(message, await list_view(reader, services))


async def open_sources(query: CallbackQuery, reader: Reader, services: Services) -> None:
    await show(query, await list_view(reader, services))


async def list_view(reader: Reader, services: Services) -> View:
    if services.sources is None:
        return sources_view(reader, services, await services.digests.sources())
    found, inbox = await services.sources.all(), await services.sources.inbox()
    kind = reader.plain("source-kind-folder")
    head = reader.t(
        "source-shown-inbox", name=reader.plain("source-inbox"), kind=kind, address=shorten(inbox.address, 120)
    )
    if inbox.checked is not None:
        at = f"{inbox.checked.astimezone(ZoneInfo(services.timezone)):%m-%d %H:%M}"
        head += f"\n{reader.t('source-looked', at=at)}"
    if inbox.problem:
        head += f"\n{reader.t('source-wrong', problem=shorten(in_language(inbox.problem, reader.language), 200))}"
    lines = [reader.t("source-line", **_facts(reader, one)) for one in found[:SHOWN]]
    buttons = [Button(shorten(one.spec.name, 24), _data(one.spec.name, "show")) for one in found[:SHOWN]]
    parts = (reader.t("sources-all", count=len(found) + 1), head, "\n".join(lines), reader.t("sources-hint"))
    return View("\n\n".join(part for part in parts if part), grid(buttons, 3))


def _facts(reader: Reader, one: Watched) -> dict[str, str]:
    found = health(one)
    state = reader.plain(f"source-state-{found}", **({"failures": one.state.failures} if found == "failing" else {}))
    kind = reader.plain(f"source-kind-{one.spec.kind}")
    return {"mark": MARKS[found], "name": one.spec.name, "kind": kind, "state": state}


def _data(name: str, do: str) -> str:
    return OpenSource(source=source_id(name), do=do).pack()


def source_view(reader: Reader, services: Services, one: Watched) -> View:
    """Its health, its rhythm, and what can be done."""
    zone = ZoneInfo(services.timezone)

    def at(moment: datetime | None) -> str:
        return f"{moment.astimezone(zone):%m-%d %H:%M}" if moment else reader.plain("source-never")

    lines = [reader.t("source-shown", **_facts(reader, one), address=shorten(address_of(one.spec), 300))]
    checked, succeeded = at(one.state.checked_at), at(one.record.succeeded)
    lines.append(
        reader.t(
            "source-times",
            checked=checked,
            succeeded=succeeded,
            due=at(one.due) if one.due else reader.plain("source-not-due"),
        )
    )
    if one.record.sightings:
        newest = one.record.sightings[-1]
        lines.append(reader.t("source-newest", issue=newest.day or at(newest.at)))
    lines += _rhythm_lines(reader, services, one)
    if problem := one.state.stopped or one.state.problem:
        lines.append(reader.t("source-wrong", problem=shorten(in_language(problem, reader.language), 300)))
    if one.spec.declared:
        lines.append(reader.t("source-declared"))
    return View("\n".join(lines), _buttons(reader, one))


def _rhythm_lines(reader: Reader, services: Services, one: Watched) -> list[str]:
    rhythm = services.sources.rhythm(one) if services.sources else None
    if rhythm is None:
        return []
    days = reader.plain("list-separator").join(
        reader.plain("source-weekday", day=day) for day in sorted(rhythm.weekdays)
    )
    start, end = (f"{minute // 60:02}:{minute % 60:02}" for minute in (rhythm.start, rhythm.end))
    return [reader.t("source-rhythm", days=days, start=start, end=end)]


def _buttons(reader: Reader, one: Watched) -> tuple[tuple[Button, ...], ...]:
    name = one.spec.name
    sleeps = one.spec.paused or bool(one.state.stopped)
    do = "resume" if sleeps else "pause"
    first = [Button(reader.plain(f"source-{do}"), _data(name, do))]
    if not one.spec.declared:
        first.append(Button(reader.plain("source-rhythm-change"), _data(name, "rhythm")))
        first.append(Button(reader.plain("source-remove"), _data(name, "remove")))
    return (tuple(first), (Button(reader.plain("source-back"), OpenSources().pack()),))


# ---------------------------------------------------------------------------------------------- changing
async def open_source(query: CallbackQuery, callback_data: OpenSource, reader: Reader, services: Services) -> None:
    service = service_of(services)
    found = next((one for one in await service.all() if source_id(one.spec.name) == callback_data.source), None)
    if found is None:
        raise RefusedError("refused-source-gone")
    name = found.spec.name
    if (calendar := settled(found.spec.calendar, callback_data.do)) is not None:
        if found.spec.declared:
            raise RefusedError("refused-source-declared")
        found = await service.settle_calendar(name, calendar, reader.actor)
        await show(query, rhythm_view(reader, found))
        return
    match callback_data.do:
        case "rhythm":
            await show(query, rhythm_view(reader, found))
        case "pause" | "resume":
            found = await service.pause(name, callback_data.do == "pause", reader.actor)
            await show(query, source_view(reader, services, found))
        case "remove":
            yes = Button(reader.plain("source-remove-yes"), _data(name, "gone"))
            no = Button(reader.plain("cancel"), _data(name, "show"))
            await show(query, View(reader.t("source-remove-ask", name=name), ((yes,), (no,))))
        case "gone":
            if found.spec.declared:
                raise RefusedError("refused-source-declared")
            await service.remove(name, reader.actor)
            await show(query, View(reader.t("source-removed", name=name)))
        case _:
            await show(query, source_view(reader, services, found))


# ---------------------------------------------------------------------------------------------- adding
async def add(message: Message, args: str, reader: Reader, services: Services) -> None:
    """Looking takes a while, so the first answer says that it is under way, and then becomes the finding."""
    service = service_of(services)
    address, _, name = args.partition(" ")
    if not address:
        ready = reader.plain("list-separator").join(paper.publication for paper in ready_papers())
        await say(message, View(reader.t("source-add-how", ready=ready)))
        return
    waiting = await say(message, View(reader.t("source-looking", address=shorten(address, 100))))
    look = await service.look(address, name.strip())
    known = await service.known(look.spec.address) if look.spec else None
    view = View(reader.t("source-known", name=known.name)) if known else found_view(reader, look, name.strip())
    await change(waiting, view)


def found_view(reader: Reader, look: Look, named: str) -> View:
    """What was found with a sample, and the question; or why it cannot be watched."""
    if look.spec is None:
        return View(
            reader.t(f"source-not-{look.kind}", reason=shorten(in_language(look.problem or "?", reader.language), 300))
        )
    spec = look.spec
    what = reader.plain(f"source-found-{look.kind}", profile=spec.profile)
    lines = [reader.t("source-found", name=spec.name, address=spec.address, what=what)]
    lines += [
        reader.t("source-sample", label=reader.plain(f"source-sample-{which}"), text=shorten(text, 200))
        for which, text in look.samples
    ]
    if look.problem:
        lines.append(reader.t("source-add-problem", reason=shorten(in_language(look.problem, reader.language), 300)))
    lines += [reader.t("source-sample-past")] if look.kind == "feed" else []
    lines.append(reader.t("source-add-ask"))
    is_paper = bool(named) or bool(spec.publication)
    data = AddSource(kind=spec.kind, profile=spec.profile[: DATA_LIMIT // 2], named=is_paper).pack()
    yes = Button(reader.plain("source-add-yes"), data)
    no = Button(reader.plain("cancel"), AddSource(kind="no").pack())
    return View("\n".join(lines), ((yes,), (no,)))


async def add_now(query: CallbackQuery, callback_data: AddSource, reader: Reader, services: Services) -> None:
    service = service_of(services)
    name, address = _shown(query)
    if not name or not address or callback_data.kind not in KINDS:
        raise RefusedError("refused-source-gone")
    if known := await service.known(address):
        await show(query, View(reader.t("source-known", name=known.name)))
        return
    publication = name if callback_data.named else ""
    kind = cast(SourceKind, callback_data.kind)
    spec = SourceSpec(name, kind, address, callback_data.profile, publication)
    added = await service.add(spec, reader.actor)
    await show(query, View(reader.t("source-added", name=added.name)))


def _shown(query: CallbackQuery) -> tuple[str, str]:
    """Name and address in the message under the button: its first bold and its first code."""
    message = query.message
    if not isinstance(message, Message) or not message.text:
        return "", ""
    found = {entity.type: entity.extract_from(message.text) for entity in reversed(message.entities or [])}
    return found.get("bold", ""), found.get("code", "")


async def add_not(query: CallbackQuery, reader: Reader) -> None:
    await show(query, View(reader.t("source-add-not")))


def admin_sources_router() -> Router:
    router = Router(name="admin-sources")
    router.message.filter(FromAdmin())
    router.callback_query.filter(FromAdmin())
    router.message.register(sources, Asks("sources"))
    router.callback_query.register(open_sources, OpenSources.filter())
    router.callback_query.register(open_source, OpenSource.filter())
    router.callback_query.register(add_not, AddSource.filter(F.kind == "no"))
    router.callback_query.register(add_now, AddSource.filter())
    return router
