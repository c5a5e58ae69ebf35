"""Texts with files, and what becomes of messages that are recalled."""

from __future__ import annotations

from digests.render_messages import render_edits, render_media
from digests.types import Chunk


def test_a_text_that_fits_is_the_caption() -> None:
    assert render_media("<b>甲</b>", "photo:x") == (Chunk("<b>甲</b>", "甲", media="photo:x"),)
    assert render_media("", "document:x") == (Chunk("", "", media="document:x"),)
    assert len(render_media("甲" * 1024, "photo:x")) == 1


def test_a_text_that_does_not_follows() -> None:
    file, text = render_media("<b>甲</b>" + "乙" * 1024, "photo:x")
    assert file == Chunk("", "", media="photo:x") and text.html.startswith("<b>甲</b>") and not text.media


def test_messages_go_or_the_first_becomes_the_text() -> None:
    assert render_edits("", "photo:x", (7, 8)) == (Chunk("", "", edits=7), Chunk("", "", edits=8))
    assert render_edits("<b>乙</b>", "", (7, 8)) == (Chunk("<b>乙</b>", "乙", edits=7), Chunk("", "", edits=8))
    assert render_edits("乙", "photo:x", (7,)) == (Chunk("乙", "乙", media="photo:x", edits=7),)
