"""What is kept of what a reader opened, only of those who asked for suggestions: little, and gone when they no longer ask. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from subscriptions.types import Interest, Subscriber

MOST_OPENED, MOST_REFUSED = 40, 40


def opened(subscriber: Subscriber, article: int) -> Subscriber:
    """With the article as the newest, once; unchanged for a reader who does not ask for suggestions."""
    if not subscriber.settings.suggest or article in subscriber.interest.opened:
        return subscriber
    newest = (*subscriber.interest.opened, article)[-MOST_OPENED:]
    return replace(subscriber, interest=replace(subscriber.interest, opened=newest))


def refused(subscriber: Subscriber, word: str) -> Subscriber:
    """The word is not suggested again."""
    if not subscriber.settings.suggest or word in subscriber.interest.refused:
        return subscriber
    newest = (*subscriber.interest.refused, word)[-MOST_REFUSED:]
    return replace(subscriber, interest=replace(subscriber.interest, refused=newest))


def suggested(subscriber: Subscriber, now: datetime) -> Subscriber:
    """A word was suggested now."""
    return replace(subscriber, interest=replace(subscriber.interest, suggested=now))


def only_if_asked(subscriber: Subscriber) -> Subscriber:
    """Nothing is kept of a reader who does not ask for suggestions."""
    return subscriber if subscriber.settings.suggest else replace(subscriber, interest=Interest())
