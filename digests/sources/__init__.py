"""Where issues come from: each kind of source retrieves, and leaves deciding and reading to others."""

from digests.sources.files import load_issue
from digests.sources.folder import FolderSource

__all__ = ["FolderSource", "load_issue"]
