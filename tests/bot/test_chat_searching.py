"""/search as a chat: pages, facets, full texts and back; and inline mode. The archive is a real one over a store in memory."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from chat_driver import GROUP, MONDAY, READER, TEXTS, Chat, labels
from fake_session import DATE, Asked

from bot.chat import build_dispatcher
from bot.search_service import DEEPEST, Search
from digests.corrections import with_corrections
from digests.issues_memory import MemoryIssueStore
from digests.search import Archive
from digests.search_index import Narrow
from digests.search_kept import MemoryKeptQueries
from digests.types import Article, DateEvidence, Issue
from subscriptions import Alias, AliasTable, QueryError, Settings

ALIASES = (Alias(("中航锂电", "中创新航"), "2021-11-01"),)


def issue(paper: str, day: str, *articles: tuple[str, str]) -> Issue:
    made = tuple(Article(title, body, fingerprint=f"{paper}{day}{n}", page=n + 1, order=n) for n, (title, body) in enumerate(articles))  # fmt: skip
    return Issue(
        paper, "newspaper", made, fingerprint=paper + day, id=paper + day, date=DateEvidence(day, day, printed=True)
    )


@pytest.fixture
async def archive(tmp_path: Path) -> AsyncIterator[Archive]:
    store = MemoryIssueStore()
    many = [(f"储能电站第{n}号", f"第{n}号储能电站并网。" + "设备运行平稳。" * 30) for n in range(7)]
    issues = [
        issue("青石时报", "2026-01-05", *many),
        issue(
            "云溪日报",
            "2025-06-01",
            ("<中创新航>签约", "中创新航与青石湖畔签约。"),
            ("储能长文", "储能。" + "一段很长的话，说个没完。\n" * 900),
        ),
    ]
    for number, one in enumerate(issues):
        await store.add_issue(one, MONDAY + timedelta(minutes=number))
    made = Archive(store, tmp_path, lambda: AliasTable(ALIASES))
    await made.follow()
    yield made
    await made.close()


@pytest.fixture
def chat(archive: Archive) -> Chat:
    return searching(Chat(), archive)


def searching(chat: Chat, archive: Archive) -> Chat:
    search = Search(archive, MemoryKeptQueries(), TEXTS, lambda: ALIASES)
    chat.services = replace(chat.services, search=search)
    chat.dispatcher = build_dispatcher(chat.services, chat.reporter)
    return chat


def plain(asked: Asked) -> str:
    return re.sub("</?[a-z]+[^>]*>", "", asked.text)


async def test_results_are_paged_in_place(chat: Chat) -> None:
    (first,) = await chat.say("/search 储能")
    assert (
        "检索：<code>储能</code>\n共 8 篇 · 第 1/2 页" in first.text
        and "1. <b>" in first.text
        and "6. <b>" not in first.text
    )
    assert labels(first) == [
        "1",
        "2",
        "3",
        "4",
        "5",
        "下一页 ›",
        "青石时报 7",
        "云溪日报 1",
        "2026 7",
        "2025 1",
        "订阅这个检索",
    ]
    second, answered = await chat.press("下一页")
    assert (second.method, answered.method) == ("editMessageText", "answerCallbackQuery")
    assert (
        "第 2/2 页" in second.text and labels(second)[:4] == ["6", "7", "8", "‹ 上一页"] and "储能长文" in plain(second)
    )
    back, _ = await chat.press("上一页")
    assert back.text == first.text


async def test_facets_narrow_and_widen(chat: Chat) -> None:
    await chat.say("搜索 储能")
    narrowed, _ = await chat.press("云溪日报")
    assert "共 1 篇" in narrowed.text and labels(narrowed) == ["1", "✕ 云溪日报", "订阅这个检索"]
    wide, _ = await chat.press("✕ 云溪日报")
    assert "共 8 篇" in wide.text
    year, _ = await chat.press("2025")
    assert labels(year)[1] == "✕ 2025" and "储能长文" in plain(year)
    wide, _ = await chat.press("✕ 2025")
    assert "共 8 篇" in wide.text


async def test_an_article_is_read_and_left_again(chat: Chat) -> None:
    await chat.say("/search 储能")
    await chat.press("下一页")
    opened, _ = await chat.press("8")
    assert "储能长文" in plain(opened) and "符合检索" in plain(opened) and "晚到" not in plain(opened)
    assert labels(opened) == ["下一页 ▸", "‹ 返回结果"]
    turned, _ = await chat.press("下一页 ▸")
    assert "没完" in turned.text and labels(turned)[0] == "◂ 上一页"
    again, _ = await chat.press("◂ 上一页")
    assert again.text == opened.text
    back, _ = await chat.press("返回结果")
    assert "第 2/2 页" in back.text


BODY = "青石湖畔的钠电池厂今天投产，总投资{}亿元，年内满产，明年再建二期。"


@pytest.fixture
async def corrected(tmp_path: Path) -> AsyncIterator[Chat]:
    """Two articles that were corrected: of the second the right one has another title, and says nothing of 缺页 any more."""
    store = MemoryIssueStore()
    was = issue(
        "青石时报",
        "2026-01-05",
        ("钠电池投产", BODY.format(6)),
        ("展会开幕", "缺页的展会今天在青石湖畔开幕，有八百家厂商参加，观众来自三十多个城市。"),
    )
    right = issue(
        "青石时报",
        "2026-01-05",
        ("钠电池投产", BODY.format(60)),
        ("展会闭幕", "展会今天在青石湖畔闭幕，有八百家厂商参加，观众来自三十多个城市。"),
    )
    await store.add_issue(was, MONDAY)
    made = tuple(replace(one, fingerprint=f"r{one.fingerprint}") for one in right.articles)
    fresh = with_corrections(await store.find_issue(was.id), replace(right, articles=made, fingerprint="r"))
    await store.add_issue(fresh, MONDAY + timedelta(hours=1))
    archive = Archive(store, tmp_path, lambda: AliasTable(()))
    await archive.follow()
    yield searching(Chat(), archive)
    await archive.close()


async def test_of_a_corrected_article_is_said_which_one_counts(corrected: Chat) -> None:
    (asked,) = await corrected.say("/search 钠电池")
    assert "1. 【已更正】<s><b>" in asked.text and "2. <b>【更正】" in asked.text
    assert "这一篇后来更正过，以第 2 条为准。" in asked.text
    opened, _ = await corrected.press("1")
    assert "【已更正】<s><b>" in opened.text and "以更正后的为准" in opened.text and "6亿元" in plain(opened)
    assert labels(opened) == ["看更正后的", "‹ 返回结果"]
    right, _ = await corrected.press("看更正后的")
    assert "【更正】" in right.text and "60亿元" in plain(right) and labels(right) == ["‹ 返回结果"]


async def test_a_correction_that_the_search_does_not_find_is_named(corrected: Chat) -> None:
    (asked,) = await corrected.say("/search 缺页")
    assert "共 1 篇" in asked.text and "【已更正】<s>" in asked.text and "以《展会闭幕》为准" in asked.text
    opened, _ = await corrected.press("1")
    assert "以《展会闭幕》为准" in opened.text and labels(opened) == ["‹ 返回结果"]


async def test_inline_results_tell_of_corrections_too(corrected: Chat) -> None:
    asked = await corrected.feed(
        inline_query={"id": "i", "from": corrected.user(READER), "query": "钠电池", "offset": ""}
    )
    wrong, right = asked[-1].params["results"]
    assert right["title"] == "【更正】钠电池投产" and wrong["title"] == "【已更正】钠电池投产"
    assert wrong["description"].startswith("这一篇后来更正过，以更正后的为准。")
    assert "<s>" in wrong["input_message_content"]["message_text"]


async def test_names_of_one_thing_are_found_and_said(chat: Chat) -> None:
    (asked,) = await chat.say("/search 中航锂电")
    assert "&lt;" in asked.text and "现名中创新航" in asked.text and "共 1 篇" in asked.text


async def test_what_cannot_be_counted_says_so(chat: Chat) -> None:
    (asked,) = await chat.say("/search 储能 ~2 电站")
    assert "已找到" in asked.text or "共 7 篇" in asked.text
    assert not any(label.startswith("2026 ") for label in labels(asked))


async def test_nothing_found_and_nothing_asked(chat: Chat) -> None:
    (asked,) = await chat.say("/search 航天飞机")
    assert TEXTS.get("zh-Hans", "search-none") in asked.text
    (asked,) = await chat.say("/search")
    assert asked.text == TEXTS.get("zh-Hans", "search-how")
    (asked,) = await chat.say("/search (储能")
    assert "▲" in asked.text or "【" in asked.text


async def test_words_without_a_command_may_be_searched_for(chat: Chat) -> None:
    (asked,) = await chat.say("储能电站")
    message = {"message_id": 5, "date": DATE, "chat": chat.chat(READER), "text": "储能电站"}
    edited, _ = await chat.tap(chat.data_of("检索旧报"), reply_to_message=message)
    assert "共 7 篇" in edited.text and "检索旧报" in labels(asked)


async def test_subscribing_to_a_search(chat: Chat) -> None:
    await chat.say("/search 储能")
    shown, _ = await chat.press("订阅这个检索")
    assert shown.method == "editMessageText" and await chat.queries() == ["储能"]
    await chat.say("/search 标题:储能 版:1")
    await chat.press("订阅这个检索")
    assert await chat.queries() == ["储能", "标题:储能 版:1"]
    (asked,) = await chat.say(f"/search {'很长的词' * 8}")
    assert "订阅这个检索" not in labels(asked)


async def test_in_groups_and_in_english(archive: Archive) -> None:
    chat = searching(Chat(language_code="en"), archive)
    (asked,) = await chat.say("/search 储能", chat=GROUP)
    assert "8 articles · page 1 of 2" in asked.text
    (asked,) = await chat.say("/search 中航锂电")
    assert "1 article\n" in asked.text


async def test_old_buttons(chat: Chat, archive: Archive) -> None:
    await chat.say("/search 储能")
    results, article = chat.data_of("下一页"), chat.data_of("1")
    gone = searching(chat, archive)
    (answer,) = await gone.tap(results)
    assert answer.params["show_alert"] and answer.text == TEXTS.get("zh-Hans", "refused-search-gone")
    (answer,) = await gone.tap(article)
    assert answer.text == TEXTS.get("zh-Hans", "refused-search-article-gone")
    await gone.say("/search 储能")
    for data in (article[: article.rindex(":")] + ":99", article.replace(":1:0", ":999:0")):
        (answer,) = await gone.tap(data)
        assert answer.text == TEXTS.get("zh-Hans", "refused-search-article-gone")


async def test_without_an_index(archive: Archive) -> None:
    (asked,) = await Chat().say("/search 储能")
    assert asked.text == TEXTS.get("zh-Hans", "search-off")


async def test_while_the_index_is_built(archive: Archive, chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("digests.search.PATIENCE", 0.0)
    (asked,) = await chat.say("/search 储能")
    assert TEXTS.get("zh-Hans", "search-incomplete") in asked.text


async def test_the_service_turns_no_further_than_it_should(archive: Archive) -> None:
    search = Search(archive, MemoryKeptQueries(), TEXTS, lambda: ALIASES)
    await search.warm()
    page = await search.search("储能", Settings())
    far = await search.turn(page.token, Narrow(), 10**9, Settings())
    assert far is not None and far.numbers == () and far.page * 5 == DEEPEST and not far.more
    with pytest.raises(QueryError):
        await search.search("-储能", Settings())
    await search.close()


# ------------------------------------------------------------------------------------------ inline mode
async def ask(chat: Chat, text: str, offset: str = "") -> Asked:
    (asked,) = await chat.feed(inline_query={"id": "9", "from": chat.user(7), "query": text, "offset": offset})
    assert asked.method == "answerInlineQuery" and asked.params["cache_time"] <= 10
    return asked


async def test_inline_results_are_items_of_a_digest(chat: Chat) -> None:
    asked = await ask(chat, "中航锂电")
    (result,) = asked.params["results"]
    assert (
        result["type"] == "article"
        and result["title"] == "<中创新航>签约"
        and "云溪日报 2025年6月1日" in result["description"]
    )
    content = result["input_message_content"]
    assert (
        content["parse_mode"] == "HTML"
        and "&lt;" in content["message_text"]
        and "现名中创新航" in content["message_text"]
    )
    assert asked.params["is_personal"] is True and asked.params["next_offset"] == ""


async def test_inline_pages(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.search_service.INLINE_PAGE", 5)
    first = await ask(chat, "储能")
    assert len(first.params["results"]) == 5 and first.params["next_offset"] == "5"
    second = await ask(chat, "储能", "5")
    assert len(second.params["results"]) == 3 and second.params["next_offset"] == ""
    ids = {result["id"] for asked in (first, second) for result in asked.params["results"]}
    assert len(ids) == 8
    assert (await ask(chat, "储能", "x")).params["results"] == first.params["results"]
    assert (await ask(chat, "储能", "50")).params["results"] == []


async def test_inline_results_come_in_the_language_that_was_chosen(chat: Chat) -> None:
    """By the Telegram app's language it was, and whoever asked the same next got it too."""
    await chat.say("/lang en")
    asked = await ask(chat, "航天飞机")
    assert asked.params["button"]["text"] == TEXTS.get("en", "search-inline-none")
    assert asked.params["is_personal"] is True


@pytest.mark.parametrize(("text", "key"), [(" ", "search-inline-hint"), ("航天飞机", "search-inline-none")])
async def test_inline_hints(chat: Chat, text: str, key: str) -> None:
    asked = await ask(chat, text)
    assert asked.params["results"] == [] and asked.params["button"]["text"] == TEXTS.get("zh-Hans", key)


async def test_inline_errors_are_told_above_the_results(chat: Chat) -> None:
    asked = await ask(chat, "(储能")
    assert asked.params["results"] == [] and 0 < len(asked.params["button"]["text"]) <= 64
    assert (await ask(Chat(), "储能")).params["button"]["text"] == TEXTS.get("zh-Hans", "search-off")


async def test_an_article_opened_from_a_search_counts_for_suggestions(chat: Chat) -> None:
    await chat.say("订阅 储能电站")
    await chat.tap("s::suggest:1")
    await chat.say("/search 储能")
    await chat.press("1")
    assert len((await chat.stored()).interest.opened) == 1
