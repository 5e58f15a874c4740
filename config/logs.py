"""Structured logs on standard error: JSON where a machine reads them, colours on a terminal."""

from __future__ import annotations

import logging
import re
import sys
from typing import Any

import structlog

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
LONGEST = 2000  # characters of one value


def start(level: str = "info", role: str = "") -> None:
    """Set logging up for this process. Text from the network can neither forge a line nor move the cursor."""
    terminal = sys.stderr.isatty()
    processors: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info if not terminal else _same,
        _tame,
        structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer(ensure_ascii=False),
    ]
    structlog.configure(
        processors=processors,
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.clear_contextvars()
    if role:
        structlog.contextvars.bind_contextvars(role=role)


def _same(_logger: Any, _name: str, event: Any) -> Any:
    return event


def _tame(_logger: Any, _name: str, event: Any) -> Any:
    """Escape control characters and cut long values, in whatever the network said."""
    for key, value in event.items():
        if isinstance(value, str) and key != "exception":
            text = _CONTROL.sub(lambda m: m[0].encode("unicode_escape").decode("ascii"), value)
            event[key] = text if len(text) <= LONGEST else text[:LONGEST] + "..."
    return event
