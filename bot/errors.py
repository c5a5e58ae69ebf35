"""The edge's errors, one tree: what a person who runs the service can mend.

KanbaoError
├── SettingsError        a setting is wrong (which, what was expected, what to do)
└── StartError           something the service needs is not there (store, port, folder)
"""

from __future__ import annotations


class KanbaoError(Exception):
    """Base of what the edge raises; the message is one line for a person."""


class SettingsError(KanbaoError):
    """A setting is wrong."""


class StartError(KanbaoError):
    """The service cannot start."""
