"""Figures that an article states: how much, of what, by whom, and where it stands."""

from digests.facts.extract import extract_facts

__all__ = ["extract_facts"]
