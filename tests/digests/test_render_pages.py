"""Digests in pages, the limits under any input, and texts that are no digests."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from render_samples import BODY, any_digest, check, many
from render_words import words
from telegram_html import read

from digests import remembered, render_digest, render_html, render_nothing
from digests.render import ARTICLES_PER_PAGE
from subscriptions import Length

ZH, EN = words("zh-Hans"), words("en")


def test_quotes_shrink_so_that_a_digest_stays_one_message() -> None:
    lengths = []
    for count in (2, 10, 14, 16):
        chunks = render_digest(*many(count, body=BODY * 4), ZH)
        check(chunks)
        assert len(chunks) == 1
        quotes = read(chunks[0].html).of("blockquote")
        assert len(quotes) == (0 if count == 16 else count)
        lengths.append(len(quotes[0]) if quotes else 0)
    assert lengths == sorted(set(lengths), reverse=True)


def test_a_digest_that_fits_at_no_depth_is_paged_at_the_second() -> None:
    chunks = render_digest(*many(36, body=BODY * 4), ZH)
    check(chunks)
    assert len(chunks) > 1 and 250 < len(read(chunks[0].html).of("blockquote")[0]) < 330


@pytest.mark.parametrize("length", ["titles", "extracts", "full"])
@pytest.mark.parametrize("count", [60, 1100])
def test_pages(count: int, length: Length) -> None:
    made, shown = many(count, length=length)
    chunks = render_digest(made, shown, ZH, {})
    check(chunks)
    assert len(chunks) > 1
    numbers = [int(b.text) for chunk in chunks for row in chunk.buttons for b in row if (b.data or "").startswith("a:")]
    assert numbers == list(range(1, count + 1))
    whole = "\n".join(chunk.plain for chunk in chunks)
    assert all(whole.count(f"第{n}篇：") == 1 for n in range(count))
    left = count
    for n, chunk in enumerate(chunks):
        here = sum(len(row) for row in chunk.buttons[:-1])
        assert here <= ARTICLES_PER_PAGE
        left -= here
        turns = {button.data: button.text for button in chunk.buttons[-1]}
        assert turns.get(f"d:{shown.delivery}:{n + 1}") == (f"还有 {left:,} 篇 ▸" if left else None)
        assert turns.get(f"d:{shown.delivery}:{n - 1}") == ("◂ 上一页" if n else None)
        assert f"第 {n + 1}/{len(chunks)} 页" in chunk.plain


def test_a_group_that_goes_on_says_so() -> None:
    chunks = render_digest(*many(60, groups=2), ZH)
    assert "<b>第0组（30 篇）</b>" in chunks[0].html
    assert chunks[1].html.startswith("<b>刊报摘要</b> · 第 2/") and "<b>第0组（续）</b>\n" in chunks[1].html
    headings = [line for chunk in chunks for line in chunk.plain.split("\n") if line.startswith("第1组")]
    assert headings[0] == "第1组（30 篇）" and set(headings[1:]) <= {"第1组（续）"}


def test_where_all_pages_are_sent_there_are_no_buttons_to_turn_them() -> None:
    chunks = render_digest(*many(60), ZH, paged=False)
    assert len(chunks) > 1
    assert all((button.data or "").startswith("a:") for chunk in chunks for row in chunk.buttons for button in row)


# ---------------------------------------------------------------------------------------------- any input
@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32))
def test_any_digest_fits_and_shows_every_article_once(seed: int) -> None:
    made = any_digest(seed)
    chunks = render_digest(*made, ZH)
    check(chunks)
    numbers = [int(b.text) for chunk in chunks for row in chunk.buttons for b in row if (b.data or "").startswith("a:")]
    assert numbers == list(range(1, len(made[0].items()) + 1))
    whole = "\n".join(chunk.plain for chunk in chunks)
    places = [whole.find(f"{n}. {n - 1}号") for n in numbers]
    assert -1 not in places


# ---------------------------------------------------------------------------------------------- other texts
def test_nothing_today() -> None:
    assert render_nothing(ZH).html == render_nothing(ZH).plain == "今天的刊报里没有与您的订阅有关的新文章。"
    assert render_nothing(EN).plain.startswith("Nothing new")


def test_a_text_of_an_admin_goes_as_it_is_or_in_plain_parts() -> None:
    (short,) = render_html("<b>通知</b> A&amp;B")
    assert (short.html, short.plain) == ("<b>通知</b> A&amp;B", "通知 A&B")
    parts = render_html("<b>" + "停机维护一小时。" * 1200 + "</b> &lt;完&gt;")
    check(parts)
    assert len(parts) == 3 and parts[-1].html.endswith("。 &lt;完&gt;")
    assert all(part.plain.endswith("。") for part in parts[:-1])


def test_remembered_sentences_are_the_same_and_formed_once() -> None:
    asked = []

    def counting(key: str, **params: Any) -> str:
        asked.append(key)
        return ZH(key, **params)

    made, shown = many(20)
    assert render_digest(made, shown, remembered(counting)) == render_digest(made, shown, ZH)
    assert asked.count("digest-heading") == 3
