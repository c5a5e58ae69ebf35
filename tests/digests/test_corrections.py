"""A corrected issue: what replaces what."""

from __future__ import annotations

from dataclasses import replace

from digests.corrections import live, with_corrections
from digests.types import Article, Issue

OLD = (
    Article("青禾锂电开工", "总投资25亿元的项目昨天开工，年产电池十吉瓦时。", fingerprint="a", id=1, order=0),
    Article("春茶上市", "茶园里一片繁忙，今年头采的新茶已经下山上市。", fingerprint="b", id=2, order=1),
    Article("桥梁合龙", "历时两年的跨江大桥昨天合龙，全长三点二公里。", fingerprint="c", id=3, order=2),
)


def issue(*articles: Article) -> Issue:
    return Issue("云溪时报", "newspaper", articles, id="i")


def test_the_first_sight_corrects_nothing() -> None:
    assert with_corrections(None, issue(*OLD)) == issue(*OLD)


def test_same_headline_or_mostly_same_text_is_a_correction() -> None:
    changed = replace(OLD[0], id=0, fingerprint="a2", body="总投资26亿元的项目昨天开工，全文另写。")
    retitled = replace(OLD[1], id=0, fingerprint="b2", title="新茶上市", body=OLD[1].body + "价格平稳。")
    other = Article("羊肚菌丰收", "大棚里的羊肚菌迎来采收，村民忙着分拣装箱。", fingerprint="d")
    made = with_corrections(issue(*OLD), issue(changed, retitled, replace(OLD[2], id=0), other))
    assert [article.corrects for article in made.articles] == [1, 2, 0, 0]


def test_an_old_article_is_replaced_once() -> None:
    twice = [replace(OLD[0], id=0, fingerprint=print_) for print_ in ("x", "y")]
    made = with_corrections(issue(OLD[0]), issue(*twice))
    assert [article.corrects for article in made.articles] == [1, 0]


def test_only_what_nobody_corrects_is_live() -> None:
    newer = replace(OLD[0], id=4, corrects=1)
    assert [article.id for article in live((*OLD, newer))] == [2, 3, 4]
    assert len(live((replace(OLD[0], id=0), replace(OLD[1], id=0)))) == 2
