"""Words of an article: its keywords, and the sentences that a digest shows."""

from digests.words.extracts import extract
from digests.words.keywords import Keywords, keywords
from digests.words.sentences import full_sentences, sentences

__all__ = ["Keywords", "extract", "full_sentences", "keywords", "sentences"]
