"""How admins name issues, and how issues are shown to them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.reader import Reader
from bot.services import Services
from digests.errors import NotFoundError
from digests.ports import IssueSummary
from digests.render_labels import issue_label as printed_label

LOOKED_AT = 100
NEWEST = frozenset({"最新", "newest", "latest", "new"})


def issue_label(reader: Reader, issue: IssueSummary) -> str:
    """As digests name it: a date that is not printed is never invented."""
    return printed_label(issue, reader.subscriber.settings.timezone, reader.plain)


def find_issue(issues: Sequence[IssueSummary], text: str) -> IssueSummary | None:
    """By its place in /issues (1 is the newest), by id, or by the first whose label holds every word."""
    wanted = text.strip()
    if wanted in NEWEST:
        return issues[0] if issues else None
    if wanted.isdecimal() and 1 <= int(wanted) <= len(issues):
        return issues[int(wanted) - 1]
    exact = next((issue for issue in issues if issue.id == wanted), None)
    return exact or next((issue for issue in issues if all(word in _words(issue) for word in wanted.split())), None)


def _words(issue: IssueSummary) -> str:
    parts = (issue.publication, issue.day, issue.number, issue.date_from, issue.id)
    return " ".join(part for part in parts if part)


async def resolve_issue(services: Services, text: str) -> str:
    """The id of the issue that an admin names. Raises NotFoundError("issue")."""
    found = find_issue(await services.digests.issues(LOOKED_AT), text)
    if found is None:
        raise NotFoundError("issue", text)
    return found.id
