"""Change everything about a page but its article: clock, counters, advertisements, links, spaces (pure)."""

from __future__ import annotations

import random
import re

_TICKERS = ("Advert {n}: boats, bricks and bread", "Order now: {n} winter coats", "Sponsored: {n} days by the sea")
_PARAGRAPH = re.compile(r"<p>(.*?)</p>", re.S)


def noisy(page: str, seed: str) -> str:
    """The page as another visitor gets it; another seed, another page, the same article."""
    dice = random.Random(seed)
    page = page.replace("</h1>", f'</h1>\n<div class="meta">{_counters(dice)}</div>', 1)
    page = page.replace("</head>", f'<meta name="csrf" content="{dice.getrandbits(64):x}">\n</head>', 1)
    page = page.replace("</footer>", f" <span>{dice.randrange(10**6)}</span></footer>", 1)
    paragraphs = list(_PARAGRAPH.finditer(page))
    if paragraphs:
        cut = dice.choice(paragraphs).end()
        page = page[:cut] + _advert(dice) + page[cut:]
    page = _PARAGRAPH.sub(lambda found: f"<p>{_spaced(found[1], dice)}</p>", page)
    return page.replace("</body>", f"<script>var visit={dice.randrange(10**9)};</script>\n</body>", 1)


def _counters(dice: random.Random) -> str:
    clock = f"{dice.randrange(24):02}:{dice.randrange(60):02}"
    views, comments = dice.randrange(10**5), dice.randrange(300)
    return f"<span>{clock}</span> <span>{views} views</span> <a href='#c'>{comments} comments</a>"


def _advert(dice: random.Random) -> str:
    words = dice.choice(_TICKERS).format(n=dice.randrange(10, 99))
    slot, link = dice.randrange(99), dice.randrange(999)
    return f'\n<div class="ad banner" id="slot-{slot}"><a href="/go?ad={link}">{words}</a></div>\n'


def _spaced(text: str, dice: random.Random) -> str:
    """Some of the spaces as line ends or in twos, as another template engine would leave them."""
    return re.sub(" ", lambda _: dice.choice((" ", " ", " ", "  ", "\n")), text)
