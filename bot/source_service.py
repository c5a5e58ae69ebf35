"""What admins may do about sources, for the chat and the command line: look at an address, add, pause, resume, remove, list, try.

Looking fetches with the same guarded client as watching; nothing is stored before an admin said yes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from urllib.parse import urlsplit

from bot.services import SourceState
from bot.source_web import SourceWeb
from digests.errors import NotFoundError, UnreadableError
from digests.ports import AdminStore
from digests.sources.calendar import Calendar, Rhythm, expectation
from digests.sources.epaper import client_fetch
from digests.sources.epaper_find import marks_of
from digests.sources.epaper_profile import Profile, ready_papers
from digests.sources.epaper_try import Guess, Step, recognise, try_address
from digests.sources.feed_decide import newest
from digests.sources.http import FEED
from digests.sources.http_outcomes import Failed, Fetched
from digests.sources.opening import profile_of
from digests.sources.registry import SourceKind, SourceSpec, SourceStore, Watched, free_name
from digests.types import AuditEntry

LookKind = Literal["feed", "epaper", "periodicals", "articles", "page", "pdf", "nothing"]
NO_CONTENT = "服务器没有给出内容 / the server gave no content"
ONE_ISSUE = (
    "这是某一期的版面，不是首页；请改用报纸电子版的首页网址，以免停在这一期"
    " / this is a page of one issue, not the entry: give the address of the e-paper's front door, or it may stop at this issue"
)
_PAPER = re.compile(r"[\u4e00-\u9fff]{1,10}(?:报|刊|周刊|月刊|导报|导刊|杂志|科技|学报|通讯)")
"""A page's title that is a paper's name and nothing else."""
LONGEST_ADDRESS = 1000
"""Characters: so that it can be shown whole in one message."""


@dataclass(frozen=True, slots=True)
class Look:
    """What an address is. `spec`: to watch it with, None where it cannot be watched. `samples`: (which, text) of what is there:
    newest, issue, pages, article. `problem`: what went wrong on the way, or ""."""

    kind: LookKind
    spec: SourceSpec | None = None
    samples: tuple[tuple[str, str], ...] = ()
    problem: str = ""


class SourceService:
    """`inbox`: the state of the inbox, which is no stored source. `now`: the clock."""

    def __init__(
        self,
        store: SourceStore,
        web: SourceWeb,
        admin: AdminStore,
        inbox: Callable[[], list[SourceState]],
        now: Callable[[], datetime],
    ) -> None:
        self._store, self._web, self._admin, self._inbox, self._now = store, web, admin, inbox, now

    async def inbox(self) -> SourceState:
        return self._inbox()[0]

    async def all(self) -> list[Watched]:
        return await self._store.get_sources()

    async def states(self) -> list[SourceState]:
        """All sources in brief, the inbox first."""
        return [*self._inbox(), *(state_of(one) for one in await self._store.get_sources())]

    async def get(self, name: str) -> Watched:
        """Raises NotFoundError("source")."""
        found = await self._store.find_source(name)
        if found is None:
            raise NotFoundError("source", name)
        return found

    def rhythm(self, one: Watched) -> Rhythm | None:
        """What is settled or was learnt of when its issues come."""
        return expectation(one.spec.calendar, one.record, self._web.zone).rhythm

    # ------------------------------------------------------------------------------------------ looking
    async def look(self, address: str, name: str = "") -> Look:
        """What is at an address, or at a ready paper's. Fetches a handful of pages; stores nothing."""
        paper = next((one for one in ready_papers() if address in (one.name, one.publication)), None)
        address = paper.entry if paper else address
        if "://" not in address:
            address = f"https://{address}"
        if len(address) > LONGEST_ADDRESS:
            raise UnreadableError(f"{address[:60]}…", f"网址应不超过 {LONGEST_ADDRESS} 个字符 / expected an address of at most {LONGEST_ADDRESS} characters")  # fmt: skip
        guess = await self._guess(address)
        if guess.kind == "feed":
            return await self._look_at_feed(guess.feed or address, name)
        if guess.profile is None and paper is not None:
            return await self._look_at_silent(paper, guess)
        if guess.profile is None:
            return Look(guess.kind, problem=guess.reason)
        return await self._look_at_paper(guess, name)

    async def _guess(self, address: str) -> Guess:
        client = await self._web.client()
        return await recognise(address, client_fetch(client, Profile("", entry=address))(self._now()))

    async def _look_at_feed(self, address: str, name: str) -> Look:
        client, now = await self._web.client(), self._now()
        answer = await client.get(address, now, want=FEED)
        if not isinstance(answer, Fetched):
            return Look("nothing", problem=answer.reason if isinstance(answer, Failed) else NO_CONTENT)
        try:
            feed = await self._web.worker.parse(answer.body, answer.content_type, answer.address, now)
        except UnreadableError as error:
            return Look("nothing", problem=error.reason)
        spec = await self._spec("feed", address, name, feed.title)
        top = [entry for entry, _ in newest(feed, self._web.zone)]
        samples = tuple(
            ("newest", f"{entry.title or entry.text[:60]} {_day(entry.published)}".strip()) for entry in top
        )
        return Look("feed", spec, samples)

    async def _look_at_paper(self, guess: Guess, name: str) -> Look:
        profile = guess.profile
        assert profile is not None
        client = await self._web.client()
        steps = await try_address(profile.entry, client_fetch(client, profile)(self._now()), profile)
        kind: SourceKind = "epaper" if guess.kind == "epaper" else "list"
        title = guess.title or guess.sample
        named = name or profile.publication or (title if _PAPER.fullmatch(title) else "")
        spec = await self._spec(kind, profile.entry, named, title)
        ready = next((paper.name for paper in ready_papers() if paper.entry == profile.entry), "")
        spec = replace(spec, profile=ready or profile.preset or profile.name)
        problem = next((step.found for step in steps if not step.ok), "")
        if profile.shape == "issue" and marks_of(profile.entry, profile.page_url) is not None:
            problem = problem or ONE_ISSUE
        return Look(guess.kind, spec, tuple(_samples(steps, guess)), problem)

    async def _look_at_silent(self, paper: Profile, guess: Guess) -> Look:
        """A ready paper whose site does not answer now, or not as expected: it may still be watched."""
        is_list = paper.shape == "periodicals"
        spec = await self._spec("list" if is_list else "epaper", paper.entry, paper.publication, "")
        spec = replace(spec, profile=paper.name)
        return Look("periodicals" if is_list else "epaper", spec, problem=guess.reason or guess.sample or guess.kind)

    async def _spec(self, kind: SourceKind, address: str, name: str, title: str) -> SourceSpec:
        taken = [one.spec.name for one in await self._store.get_sources()]
        wanted = name or (title if 0 < len(title) <= 16 else urlsplit(address).hostname or "source")
        return SourceSpec(free_name(wanted, taken), kind, address, publication=name)

    async def known(self, address: str) -> SourceSpec | None:
        """The source that watches this address already."""
        specs = [one.spec for one in await self._store.get_sources()]
        return next((spec for spec in specs if address and _entry(spec).rstrip("/") == address.rstrip("/")), None)

    async def try_steps(self, address: str, profile: str = "") -> list[Step]:
        """Every step from the address to an article. `profile`: a shipped one, or one's own. Raises UnreadableError."""
        client = await self._web.client()
        spec = SourceSpec("try", "epaper", address, profile)
        chosen = profile_of(spec, self._web.profiles()) if profile else None
        fetch = client_fetch(client, chosen or Profile("", entry=address))(self._now())
        steps = await try_address(address, fetch, chosen)
        feed = chosen is None and steps[0].ok and steps[0].found.startswith("feed ")
        return [*steps, *(await self._try_feed(address) if feed else [])]

    async def _try_feed(self, address: str) -> list[Step]:
        look = await self._look_at_feed((await self._guess(address)).feed or address, "")
        newest = next((text for _, text in look.samples), "")
        zh = "能读的订阅源和最新一条 / a feed that can be read, and its newest entry"
        return [Step(zh, newest or look.problem or "没有条目 / no entries", look.kind == "feed")]

    # ------------------------------------------------------------------------------------------ changing
    async def add(self, spec: SourceSpec, actor: int) -> SourceSpec:
        """Watch it from now on, under a name that is free."""
        while True:
            taken = [one.spec.name for one in await self._store.get_sources()]
            spec = replace(spec, name=free_name(spec.name, taken), origin=f"{actor}")
            if await self._store.add_source(spec, self._now()):
                await self._audit(actor, "source-add", spec.name, address=spec.address)
                return spec

    async def pause(self, name: str, paused: bool, actor: int) -> Watched:
        """Or resume, which looks at once, also at a source that had stopped. Raises NotFoundError."""
        found = await self.get(name)
        if not paused and found.state.stopped:
            await self._store.put_state(name, replace(found.state, stopped="", next_at=None))
        elif not paused and found.state.next_at:
            await self._store.put_state(name, replace(found.state, next_at=None))
        due = None if paused else self._now()
        await self._store.put_spec(replace(found.spec, paused=paused), due)
        await self._audit(actor, "source-pause" if paused else "source-resume", name)
        return await self.get(name)

    async def settle_calendar(self, name: str, calendar: Calendar, actor: int) -> Watched:
        """When its issues are expected; it is looked at anew at once. Raises NotFoundError."""
        found = await self.get(name)
        await self._store.put_spec(replace(found.spec, calendar=calendar), None if found.due is None else self._now())
        await self._audit(actor, "source-rhythm", name)
        return await self.get(name)

    async def remove(self, name: str, actor: int) -> bool:
        """False: somebody was quicker, or it never was."""
        removed = await self._store.remove_source(name)
        if removed:
            await self._audit(actor, "source-remove", name)
        return removed

    async def _audit(self, actor: int, action: str, name: str, **detail: str) -> None:
        await self._admin.add_audit(AuditEntry(self._now(), actor, action, {"source": name, **detail}))


def source_id(name: str) -> str:
    """What names a source in a button."""
    return hashlib.blake2b(name.encode(), digest_size=8).hexdigest()


def state_of(one: Watched) -> SourceState:
    return SourceState(one.spec.name, _entry(one.spec), one.state.checked_at, one.state.stopped or one.state.problem)


def health(one: Watched) -> str:
    """stopped, paused, failing, new or fine."""
    if one.state.stopped:
        return "stopped"
    if one.spec.paused:
        return "paused"
    if one.state.failures:
        return "failing"
    return "fine" if one.state.checked_at else "new"


def address_of(spec: SourceSpec) -> str:
    """What is shown: a ready paper's own address where none was given."""
    return _entry(spec)


def _entry(spec: SourceSpec) -> str:
    if spec.address or not spec.profile:
        return spec.address
    return next((paper.entry for paper in ready_papers() if paper.name == spec.profile), "")


def _samples(steps: list[Step], guess: Guess) -> list[tuple[str, str]]:
    """The steps that show people what is there."""
    names = {"日期和期号": "issue", "版面列表": "pages", "标题和正文": "article", "“某年第几期”的链接": "newest"}
    found = [(names[head], step.found) for step in steps if step.ok and (head := step.expected.partition(" / ")[0]) in names]  # fmt: skip
    return found or ([("newest", guess.sample)] if guess.sample else [])


def _day(published: object) -> str:
    return str(published)[:10] if published else ""
