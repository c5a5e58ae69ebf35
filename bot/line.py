"""The sending line to the Bot API: a JSON body there, status and body back, and nothing else.

Leaner than the library's session, which builds forms and validates every answer into models: for sending, only the message's
id is of interest. Many requests may be in flight; each takes a connection that is kept. Knows no outcome and no rate.
"""

from __future__ import annotations

from aiohttp import ClientSession, ClientTimeout, DummyCookieJar, TCPConnector

IN_FLIGHT = 400
"""Requests at once: a thousand a second with answers that take 200 ms need 200, and the slow ones more."""
TIMEOUT = 30.0
"""Seconds that one request may take."""
CONNECT = 10.0
HEADERS = {"Content-Type": "application/json"}


class Line:
    """`base`: address of the Bot API server. `close` ends it."""

    def __init__(self, base: str, token: str, *, timeout: float = TIMEOUT, in_flight: int = IN_FLIGHT) -> None:
        self._prefix = f"{base.rstrip('/')}/bot{token}/"
        self._timeout = ClientTimeout(total=timeout, sock_connect=CONNECT)
        self._in_flight = in_flight
        self._session: ClientSession | None = None

    async def post(self, method: str, body: bytes) -> tuple[int, bytes]:
        """Raises aiohttp.ClientError, TimeoutError, OSError."""
        session = self._session or self._open()
        async with session.post(self._prefix + method, data=body, headers=HEADERS, allow_redirects=False) as answer:
            return answer.status, await answer.read()

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _open(self) -> ClientSession:
        connector = TCPConnector(limit=self._in_flight, ttl_dns_cache=60, keepalive_timeout=50)
        self._session = ClientSession(
            connector=connector, timeout=self._timeout, cookie_jar=DummyCookieJar(), auto_decompress=True
        )
        return self._session
