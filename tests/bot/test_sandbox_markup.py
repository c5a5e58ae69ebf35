"""Telegram's HTML: texts, entities in UTF-16 units, and refusals word for word."""

from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox import ApiError
from bot.sandbox.entities import formatted
from bot.sandbox.markup import TAGS, parse_html, utf16

REFUSED = {
    "<b>x": 'Can\'t find end tag corresponding to start tag "b"',
    "<b><i>x</b>": 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"',
    "中<x>": 'Unsupported start tag "x" at byte offset 3',
    "3 < 5": 'Unsupported start tag "" at byte offset 2',
    "a</b>": "Unexpected end tag at byte offset 1",
    "<b>x</b": "Unclosed end tag at byte offset 4",
    "<b": "Unclosed start tag at byte offset 0",
    "<a href": 'Unclosed start tag "a" at byte offset 0',
    "<a href=": 'Unclosed start tag "a" at byte offset 0',
    '<a href="x>': "Unclosed start tag at byte offset 0",
    "<a href=x/y>z</a>": "Unexpected end of name token at byte offset 8",
    "<a =x>z</a>": 'Empty attribute name in the tag "a" at byte offset 0',
    "<span>x</span>": 'Tag "span" must have class "tg-spoiler" at byte offset 0',
}

UNDERSTOOD = {
    "<b>甲</b>": ("甲", [("bold", 0, 1)]),
    "<STRONG>甲</>": ("甲", [("bold", 0, 1)]),
    "𠀀<i>𠀀</i>": ("𠀀𠀀", [("italic", 2, 2)]),
    "<u>a</u><ins>b</ins>": ("ab", [("underline", 0, 1), ("underline", 1, 1)]),
    "<s>a</s><strike>b</strike><del>c</del>": (
        "abc",
        [("strikethrough", 0, 1), ("strikethrough", 1, 1), ("strikethrough", 2, 1)],
    ),
    "<tg-spoiler>a</tg-spoiler><span class='tg-spoiler'>b</span>": ("ab", [("spoiler", 0, 1), ("spoiler", 1, 1)]),
    "<blockquote>a</blockquote>": ("a", [("blockquote", 0, 1)]),
    "<blockquote expandable>a</blockquote>": ("a", [("expandable_blockquote", 0, 1)]),
    "<pre>a</pre>": ("a", [("pre", 0, 1)]),
    '<pre><code class="language-py">a</code></pre>': ("a", [("pre", 0, 1)]),
    '<code class="language-py"><pre>a</pre></code>': ("a", [("pre", 0, 1), ("code", 0, 1)]),
    '<tg-emoji emoji-id="5">a</tg-emoji>': ("a", [("custom_emoji", 0, 1)]),
    "<a href='https://a.cn'>x</a>": ("x", [("text_link", 0, 1)]),
    "<a href='tg://user?id=7'>x</a>": ("x", [("text_mention", 0, 1)]),
    "<a>b.cn/x</a>": ("b.cn/x", [("text_link", 0, 6)]),
    "<a>x</a>": ("x", []),
    "<b></b>x": ("x", []),
    "&lt;&gt;&amp;&quot;&#20013;&#x4e2d;": ('<>&"中中', []),
    "&nbsp;&#0;&#xd800;&#12345678;&": ("&nbsp;&#0;&#xd800;&#12345678;&", []),
}


@pytest.mark.parametrize("source", REFUSED)
def test_refuses_in_telegrams_words(source: str) -> None:
    with pytest.raises(ApiError) as refused:
        parse_html(source)
    assert refused.value.description == f"Bad Request: can't parse entities: {REFUSED[source]}"
    assert refused.value.code == 400


@pytest.mark.parametrize("source", UNDERSTOOD)
def test_understands(source: str) -> None:
    text, entities = parse_html(source)
    assert (text, [(e["type"], e["offset"], e["length"]) for e in entities]) == UNDERSTOOD[source]


def test_keeps_languages_addresses_and_emoji() -> None:
    _, entities = parse_html(
        '<pre><code class="language-py">a</code></pre><a href="b.cn">b</a><tg-emoji emoji-id="5">c</tg-emoji>'
    )
    assert [e.get("language") or e.get("url") or e.get("custom_emoji_id") for e in entities] == [
        "py",
        "http://b.cn",
        "5",
    ]


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_escaped_text_comes_back(text: str) -> None:
    assert parse_html(html.escape(text, quote=False)) == (text, [])


_leaves = st.text("ab中𠀀🏟 &<>\n", min_size=1, max_size=6).map(lambda text: (html.escape(text), text))
_names = st.sampled_from(sorted(set(TAGS) - {"a", "span", "tg-emoji", "pre", "code"}))


def _wrapped(children: st.SearchStrategy[tuple[str, str]]) -> st.SearchStrategy[tuple[str, str]]:
    inside = st.lists(children, min_size=1, max_size=3)
    return st.builds(
        lambda name, parts: (f"<{name}>{''.join(p[0] for p in parts)}</{name}>", "".join(p[1] for p in parts)),
        _names,
        inside,
    )


@given(st.recursive(_leaves, _wrapped, max_leaves=8))
def test_nested_markup_gives_its_text_and_entities_within_it(pair: tuple[str, str]) -> None:
    source, plain = pair
    text, entities = parse_html(source)
    assert text == plain
    assert len(entities) == source.count("</")
    assert all(0 <= e["offset"] < e["offset"] + e["length"] <= utf16(text) for e in entities)


@given(st.text("<>/b i=\"'&;#x2span中", max_size=30))
def test_any_text_is_read_or_refused(source: str) -> None:
    try:
        parse_html(source)
    except ApiError as refused:
        assert refused.description.startswith("Bad Request: can't parse entities: ")


def found(source: str, mode: str = "") -> list[tuple[str, str]]:
    text, entities = formatted(source, mode, None, 4096, "too long")
    units = text.encode("utf-16-le")
    return [(e["type"], units[e["offset"] * 2 : (e["offset"] + e["length"]) * 2].decode("utf-16-le")) for e in entities]


def test_finds_commands_mentions_tags_and_addresses() -> None:
    assert found("𠀀 /start@kanbao_bot 看https://a.cn/x?y=1。@kanbao #重大项目 #12 a@b.cn 1/2 /a/b") == [
        ("bot_command", "/start@kanbao_bot"),
        ("url", "https://a.cn/x?y=1"),
        ("mention", "@kanbao"),
        ("hashtag", "#重大项目"),
        ("email", "a@b.cn"),
    ]


def test_finds_nothing_inside_code_and_links() -> None:
    assert found("<code>/start</code> <a href='http://a.cn'>#x</a>", "HTML") == [
        ("code", "/start"),
        ("text_link", "#x"),
    ]


def test_trims_text_and_entities() -> None:
    assert formatted("\r\n <b> 甲 </b>\x01 <i> </i>", "html", None, 9, "") == (
        "甲",
        [{"type": "bold", "offset": 0, "length": 1}],
    )


def test_keeps_a_hundred_entities() -> None:
    assert len(found("<b>a</b> " * 120, "HTML")) == 100


def test_given_entities_are_kept_outer_first() -> None:
    given_entities = [{"type": "bold", "offset": 0, "length": 1}, {"type": "italic", "offset": 0, "length": 2}]
    _, entities = formatted("ab", "", given_entities, 9, "")
    assert [e["type"] for e in entities] == ["italic", "bold"]


@pytest.mark.parametrize(
    ("source", "mode", "words"),
    [
        ("𠀀" * 3, "", "too long for this"),
        ("<b>" + "a" * 6 + "</b>", "HTML", "too long for this"),
        ("a" * (1 << 15) + "a", "", "text is too long"),
        ("a", "MarkdownV3", "unsupported parse_mode"),
    ],
)
def test_limits(source: str, mode: str, words: str) -> None:
    with pytest.raises(ApiError, match=words):
        formatted(source, mode, None, 5, "too long for this")


def test_the_limit_counts_after_parsing() -> None:
    assert formatted("<b>&lt;中</b>" * 2, "HTML", None, 4, "too long")[0] == "<中<中"
