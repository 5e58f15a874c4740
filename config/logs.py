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
        structlog.processors.format_exc_info,  # before taming: the text of an exception may be a stranger's too
        _tame,
        _terminal() if terminal else structlog.processors.JSONRenderer(ensure_ascii=False),
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


def _terminal() -> Any:
    return structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)


def _tame(_logger: Any, _name: str, event: Any) -> Any:
    """Escape control characters and cut long values, in whatever the network said."""
    for key, value in event.items():
        if isinstance(value, str):
            lines = value.split("\n") if key == "exception" else [value]
            text = "\n".join(_CONTROL.sub(lambda m: m[0].encode("unicode_escape").decode("ascii"), x) for x in lines)
            most = LONGEST if key != "exception" else 10 * LONGEST
            event[key] = text if len(text) <= most else text[:most] + "..."
    return event
