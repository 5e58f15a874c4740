"""Ask trafilatura for a second opinion on a page whose text is in doubt; the only file that knows trafilatura."""

from __future__ import annotations

import logging
from importlib.metadata import version

from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.external import jt_stoplist_init
from trafilatura.settings import Extractor

VERSION = f"trafilatura-{version('trafilatura')}"


class _Listener(logging.Handler):
    """Hears of errors that the library caught, and passes those on after which its text would be another one."""

    def emit(self, record: logging.LogRecord) -> None:
        for value in record.args if isinstance(record.args, tuple) else ():
            if isinstance(value, MemoryError | RecursionError):
                raise value


_LOG = logging.getLogger("trafilatura")
_LOG.handlers[:] = [_Listener()]
_LOG.propagate = False
_LOG.setLevel(logging.WARNING)
for _name in ("htmldate", "justext", "readability", "courlan", "charset_normalizer"):
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)  # their messages carry text of pages
# deduplicate stays off: it remembers other pages and then drops this one. target_language drops in silence.
MOST = 5000  # blocks; beyond it the time the library takes grows with the square (tables), and memory runs out
_OPTIONS = Extractor(output_format="python", comments=False, dedup=False, lang=None)


def text(tree: HtmlElement) -> str:
    """The body as trafilatura finds it, one line per block; empty where it finds none. The tree is not changed."""
    try:
        document = bare_extraction(tree, options=_OPTIONS)
    except (MemoryError, RecursionError):
        raise
    except Exception:  # a bug of the library's on odd markup; the first answer stands
        return ""
    return "" if document is None or isinstance(document, dict) else document.text or ""


def warm() -> None:
    """Load what it loads on first use."""
    jt_stoplist_init()
