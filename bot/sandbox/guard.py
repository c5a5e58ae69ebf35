"""Keeps other web sites out of the sandbox: only this machine's names as Host, only the page's own address as Origin.

Without it, any page open in the same browser could act as the made-up people (DNS rebinding, cross-site requests).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def allowed(host: str, origin: str | None, site: str | None) -> bool:
    """Whether a request with these headers (Host, Origin, Sec-Fetch-Site) comes from this machine and from our own page."""
    try:
        name = urlsplit(f"//{host}").hostname
    except ValueError:
        return False
    if name not in LOOPBACK_NAMES:
        return False
    if origin is not None and origin not in (f"http://{host}", f"https://{host}"):
        return False
    return site in (None, "same-origin", "none")


@web.middleware
async def guard(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    headers = request.headers
    if not allowed(headers.get("Host", ""), headers.get("Origin"), headers.get("Sec-Fetch-Site")):
        raise web.HTTPForbidden(text="The sandbox answers its own page on this machine only.\n")
    response = await handler(request)
    if not response.prepared:
        response.headers.update(_HEADERS)
    return response
