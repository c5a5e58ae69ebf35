"""The one client for everything that Kanbao fetches: polite to servers, safe against them, bounded in time and size.

Every outcome is a value. Each address is guarded and each redirect guarded again; one connection per host with a gap
between two; sizes counted after decompression. Time, sleep, the resolver and jitter are given from outside; proxy and
network settings of the environment are ignored. It keeps no cookies and sends no referrer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from yarl import URL

from digests.sources.guard import PUBLIC, Guard, Refused, Target, check_url, is_downgrade
from digests.sources.http_body import ACCEPTED, Body, DamagedError, TooBigError
from digests.sources.http_connect import Connector, Proxy, RefusedError, Resolve, system_resolve
from digests.sources.http_hosts import HostTurns
from digests.sources.http_outcomes import Failed, Fetched, Gone, Moved, NotModified, Outcome
from digests.sources.http_robots import Robots
from digests.sources.http_wire import CutError, Response, Wire, WireError
from digests.sources.politeness import fresh_until, retry_after

MIB = 1 << 20
AGENT = "Kanbao"
CONNECT_SECONDS, TOTAL_SECONDS = 5.0, 30.0
MAX_REDIRECTS = 5
REDIRECTS = (301, 302, 303, 307, 308)
PERMANENT = (301, 308)


@dataclass(frozen=True, slots=True)
class Want:
    """A kind of answer: its cap in bytes after decompression, and what is asked for."""

    cap: int
    accept: str
    keep_alive: bool = False


PAGE = Want(5 * MIB, "text/html,application/xhtml+xml,*/*;q=0.5", keep_alive=True)
FEED = Want(15 * MIB, "application/atom+xml,application/rss+xml,application/feed+json,application/xml;q=0.9,*/*;q=0.5")
PDF = Want(50 * MIB, "application/pdf,*/*;q=0.5", keep_alive=True)
ROBOTS = Want(512 * 1024, "text/plain,*/*;q=0.5", keep_alive=True)


@dataclass(frozen=True, slots=True)
class _Ask:
    """One request. `file`: where the body goes instead of into memory."""

    want: Want
    now: datetime
    etag: str = ""
    modified: str = ""
    file: Path | None = None

    def headers(self, agent: str) -> dict[str, str]:
        given = {"User-Agent": agent, "Accept": self.want.accept, "Accept-Encoding": ACCEPTED}
        if not self.want.keep_alive:
            given["Connection"] = "close"
        if self.etag:
            given["If-None-Match"] = self.etag
        if self.modified:
            given["If-Modified-Since"] = self.modified
        return given


@dataclass(frozen=True, slots=True)
class _Redirect:
    location: str
    permanent: bool


class HttpClient:
    """`contact`: an address or a page where a site's owner finds who runs this; part of the User-Agent. `proxy`: an
    http proxy by setting. `connections`: at most so many at once. Close it when done."""

    def __init__(
        self,
        contact: str,
        *,
        guard: Guard = PUBLIC,
        resolve: Resolve = system_resolve,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        ticks: Callable[[], float] | None = None,
        proxy: str | None = None,
        connections: int = 64,
        connect_seconds: float = CONNECT_SECONDS,
        total_seconds: float = TOTAL_SECONDS,
    ) -> None:
        self._guard, self._total, self._connect = guard, total_seconds, connect_seconds
        self._loop = asyncio.get_running_loop()
        self._turns = HostTurns(ticks or self._loop.time, sleep)
        self._slots = asyncio.Semaphore(connections)
        self._wire = Wire(Connector(resolve, guard, Proxy.of(proxy) if proxy else None))
        self._robots = Robots(self._get_robots, AGENT)
        self._agent = f"{AGENT}/1 (+{contact})"

    async def close(self) -> None:
        await self._wire.close()

    async def get(
        self,
        address: str,
        now: datetime,
        *,
        want: Want = PAGE,
        etag: str = "",
        modified: str = "",
        crawl: bool = False,
        downgrade: bool = False,
        file: Path | None = None,
    ) -> Outcome:
        """Fetch one address. `etag`, `modified`: validators of the last answer. `crawl`: obey robots.txt. `downgrade`:
        a redirect from https to http is followed. `file`: the body is streamed there instead of held in memory."""
        return await self._follow(address, _Ask(want, now, etag, modified, file), crawl, downgrade)

    async def _get_robots(self, address: str, now: datetime) -> Outcome:
        return await self._follow(address, _Ask(ROBOTS, now), False, True)

    async def _follow(self, address: str, ask: _Ask, crawl: bool, downgrade: bool) -> Outcome:
        """The address and up to MAX_REDIRECTS further ones, in the total time. Waiting for a host's turn does not count."""
        left, seen, moved, permanent = self._total, {address}, None, True
        scheme = ""
        for _ in range(MAX_REDIRECTS + 1):
            target = check_url(address, self._guard)
            if isinstance(target, Refused):
                return Failed("refused", target.reason)
            if is_downgrade(scheme, target.scheme) and not downgrade:
                return Failed("refused", "网站从 https 转到不加密的 http，未予跟随 / the site leads from https to plain http, which is not followed")  # fmt: skip
            answer, used = await self._turn(target, ask, crawl, left)
            if not isinstance(answer, _Redirect):
                return _with_move(answer, moved)
            left, scheme, permanent = left - used, target.scheme, permanent and answer.permanent
            address = _join(target.url, answer.location)
            moved = Moved(address) if permanent else moved
            if address in seen:
                break
            seen.add(address)
        return Failed(
            "redirects", f"转址成环或超过 {MAX_REDIRECTS} 次 / redirects go in circles, or more than {MAX_REDIRECTS}"
        )

    async def _turn(self, target: Target, ask: _Ask, crawl: bool, left: float) -> tuple[Outcome | _Redirect, float]:
        """The answer of one server, and the seconds that it took."""
        if held := self._turns.held(target.host, ask.now):
            return Failed("status", "网站请求稍后再来 / the site asked to come back later", held), 0.0
        if crawl:
            if refusal := await self._robots.refusal(target, ask.now):
                return refusal, 0.0
            if delay := await self._robots.delay(target, ask.now):
                self._turns.set_delay(target.host, delay)
        async with self._turns.turn(target.host), self._slots:
            begun = self._loop.time()
            answer = await self._bounded(target, ask, max(left, 0.01))
            return answer, self._loop.time() - begun

    async def _bounded(self, target: Target, ask: _Ask, seconds: float) -> Outcome | _Redirect:
        try:
            async with asyncio.timeout(seconds):
                return await self._exchange(target, ask)
        except TimeoutError:
            return Failed("slow", f"{self._total:g} 秒内没有收完 / not received within {self._total:g} seconds")
        except TooBigError:
            return Failed("too_big", f"解压后超过 {ask.want.cap / MIB:g} MiB / larger than {ask.want.cap / MIB:g} MiB when unpacked")  # fmt: skip
        except RefusedError as error:
            return Failed("refused", str(error))
        except (DamagedError, CutError) as error:
            return Failed(
                "damaged", f"传来的内容残缺或损坏 / what was sent is incomplete or damaged: {str(error)[:120]}"
            )
        except (WireError, OSError, ValueError) as error:
            return Failed("network", f"连接失败 / no connection: {type(error).__name__}: {str(error)[:120]}")

    async def _exchange(self, target: Target, ask: _Ask) -> Outcome | _Redirect:
        async with self._wire.ask(target, ask.headers(self._agent), self._connect) as response:
            return await self._answer(response, target, ask)

    async def _answer(self, response: Response, target: Target, ask: _Ask) -> Outcome | _Redirect:
        headers, status = response.headers, response.status
        if status in REDIRECTS and (location := headers.get("Location")):
            return _Redirect(location, status in PERMANENT)
        if status == 304 and (ask.etag or ask.modified):
            return NotModified(target.url, fresh_until(headers, ask.now))
        if status == 410:
            return Gone(target.url)
        if status != 200:
            return self._refusal(status, retry_after(headers.get("Retry-After"), ask.now), target)
        answer = Fetched(
            target.url, b"", headers.get("Content-Type", ""), headers.get("ETag", ""), headers.get("Last-Modified", ""),
            fresh_until(headers, ask.now),
        )  # fmt: skip
        body = Body(headers.get("Content-Encoding", ""), ask.want.cap)
        if ask.file:
            await _save(response, body, ask.file)
            return replace(answer, file=ask.file, size=body.size)
        whole = bytearray()
        async for chunk in response.pieces():
            for piece in body.feed(chunk):
                whole += piece
        body.finish()
        return replace(answer, body=bytes(whole), size=len(whole))

    def _refusal(self, status: int, later: datetime | None, target: Target) -> Failed:
        if status in (429, 503) and later:
            self._turns.hold(target.host, later)
        return Failed("status", f"网站答复 {status} / the site answered {status}", later, status)


def _join(base: str, location: str) -> str:
    """Where a Location leads; "" for what is no address. Bytes that are no UTF-8 are quoted as they came."""
    try:
        quoted = quote(location.encode("utf-8", "surrogateescape"), safe="%/:=&?~#+!$,;'@()*[]|")
        return str(URL(base, encoded=True).join(URL(quoted, encoded=True)))
    except ValueError:
        return ""


def _with_move(answer: Outcome, moved: Moved | None) -> Outcome:
    return replace(answer, moved=moved) if moved and isinstance(answer, Fetched | NotModified) else answer


async def _save(response: Response, body: Body, file: Path) -> None:
    """Into `file`, which appears only when it is whole."""
    part = file.with_name(file.name + ".part")
    handle = await asyncio.to_thread(part.open, "wb")
    try:
        async for chunk in response.pieces():
            for piece in body.feed(chunk):
                await asyncio.to_thread(handle.write, piece)
        body.finish()
        await asyncio.to_thread(handle.close)
        await asyncio.to_thread(part.replace, file)
    finally:
        handle.close()
        with suppress(FileNotFoundError):
            part.unlink()
