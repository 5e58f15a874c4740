"""Whole pages around an invented story, built as common templates build them, for tests of extraction."""

from __future__ import annotations

import json
from dataclasses import dataclass

from tests.stories import Story

DAY = "2026-03-01T09:00:00+01:00"


@dataclass(frozen=True)
class Slots:
    """The HTML that a test puts into a frame; what is None is filled with the story's own."""

    body: str | None = None  # the article's text
    lead: str | None = None  # between headline and text: deck, byline, picture
    after: str = ""  # right after the text, inside of the <article>
    beside: str = ""  # after the <article>
    head: str = ""  # more for <head>
    ld: dict[str, object] | None = None  # more for the JSON-LD of the article
    free: bool | None = None  # isAccessibleForFree of the JSON-LD


def paragraphs(story: Story, mark: str = "<p>") -> str:
    """The story's paragraphs, one element each."""
    close = f"</{mark[1:].partition(' ')[0].rstrip('>')}>"
    return "\n".join(f"{mark}{part}{close}" for part in story.parts)


def figure(story: Story, name: str = "") -> str:
    """A picture with its caption and credit."""
    return (
        f'<figure class="{name}image"><img src="/img/4711.jpg" alt="" width="960" height="640">'
        f'<figcaption class="{name}caption">{story.caption} <span class="credit">K. Aster</span></figcaption></figure>'
    )


def _head(story: Story, slots: Slots) -> str:
    data: dict[str, object] = {
        "@context": "https://schema.org", "@type": "NewsArticle", "headline": story.headline,
        "description": story.deck, "author": {"@type": "Person", "name": story.author}, "datePublished": DAY,
    }  # fmt: skip
    if slots.free is not None:
        data["isAccessibleForFree"] = slots.free
    data.update(slots.ld or {})
    return (
        f'<meta charset="utf-8"><title>{story.headline} | {story.menu[1]}</title>'
        f'<meta name="viewport" content="width=device-width"><meta name="description" content="{story.deck}">'
        f'<meta property="og:type" content="article"><meta property="og:title" content="{story.headline}">'
        f'<link rel="stylesheet" href="/site.css"><script type="application/ld+json">{json.dumps(data)}</script>'
        f"<script>window.dataLayer=window.dataLayer||[];dataLayer.push({{'page':'article','id':4711}});</script>"
        f"{slots.head}"
    )


def _items(story: Story, name: str) -> str:
    links = "".join(f'<li class="{name}item"><a href="/s/{i}">{word}</a></li>' for i, word in enumerate(story.menu))
    return f'<ul class="{name}list">{links}</ul>'


def cards(story: Story, name: str, text: bool = True) -> str:
    """Teasers of other articles: a picture, a linked headline, a line of text."""
    return "".join(
        f'<div class="{name}"><a href="/a/{i}"><img src="/t/{i}.jpg" alt=""></a><h3 class="{name}__title">'
        f'<a href="/a/{i}">{head}</a></h3>{f"<p>{line}</p>" if text else ""}</div>'
        for i, (head, line) in enumerate(story.teasers)
    )


def _lead(story: Story, name: str) -> str:
    return (
        f'<p class="{name}standfirst">{story.deck}</p><div class="{name}byline"><span>{story.byline}</span> '
        f'<time datetime="{DAY}">2026-03-01 09:00</time></div>'
        '<div class="share-bar"><a href="#f">Facebook</a> <a href="#x">X</a> <a href="#m">E-Mail</a></div>'
        f"{figure(story, name)}"
    )


def _html(story: Story, slots: Slots, body: str, name: str = "") -> str:
    way = ' dir="rtl"' if story.language == "ar" else ""
    return (
        f'<!doctype html>\n<html lang="{story.language}"{way}><head>{_head(story, slots)}</head>'
        f'<body class="{name}">\n{body}\n</body></html>'
    )


def press(story: Story, slots: Slots | None = None) -> str:
    """A newspaper's own template: block-element names, a rail, related articles under the text."""
    slots = slots or Slots()
    lead = _lead(story, "c-article__") if slots.lead is None else slots.lead
    body = paragraphs(story, '<p class="c-article__paragraph">') if slots.body is None else slots.body
    return _html(
        story,
        slots,
        f"""<header class="c-masthead"><a class="c-masthead__logo" href="/">{story.menu[0]}</a>
<nav class="c-nav" aria-label="main">{_items(story, "c-nav__")}</nav></header>
<main class="c-main"><article class="c-article"><header class="c-article__header">
<p class="c-article__kicker">{story.menu[1]}</p><h1 class="c-article__headline">{story.headline}</h1></header>
{lead}
<div class="c-article__body">{body}</div>
{slots.after}</article>
{slots.beside}
<section class="c-related"><h2 class="c-related__heading">{story.related}</h2>{cards(story, "c-teaser")}</section>
</main><aside class="c-rail"><h3>{story.menu[2]}</h3>{cards(story, "c-card", text=False)}</aside>
<footer class="c-footer">{_items(story, "c-footer__")}<p class="c-footer__legal">{story.rights}</p></footer>""",
        "page-article",
    )


def blog(story: Story, slots: Slots | None = None) -> str:
    """A blog engine's theme: entry-content, tags, next and previous post, comments, widgets."""
    slots = slots or Slots()
    lead = (
        f'<div class="entry-meta"><span class="byline">{story.byline}</span> <time class="entry-date" datetime="{DAY}">'
    )
    lead = f"{lead}2026-03-01</time></div>" if slots.lead is None else slots.lead
    one, two = story.teasers[0][0], story.teasers[1][0]
    return _html(
        story,
        slots,
        f"""<div id="page" class="site"><header id="masthead" class="site-header"><p class="site-title"><a href="/">
{story.menu[0]}</a></p><nav id="site-navigation" class="main-navigation">{_items(story, "menu-")}</nav></header>
<div id="content" class="site-content"><main id="primary" class="site-main">
<article id="post-17" class="post-17 post type-post status-publish hentry"><header class="entry-header">
<h1 class="entry-title">{story.headline}</h1>{lead}</header>
<div class="entry-content">{paragraphs(story) if slots.body is None else slots.body}</div>
{slots.after}<footer class="entry-footer"><span class="tags-links"><a rel="tag" href="/tag/1">{story.menu[3]}</a>
<a rel="tag" href="/tag/2">{story.menu[4]}</a></span></footer></article>
{slots.beside}
<nav class="navigation post-navigation"><div class="nav-links"><div class="nav-previous"><a href="/p/1">{one}</a></div>
<div class="nav-next"><a href="/p/2">{two}</a></div></div></nav>
<div id="comments" class="comments-area"><ol class="comment-list"><li class="comment"><article class="comment-body">
<footer class="comment-meta"><b class="fn">K. L.</b></footer><div class="comment-content"><p>{story.comment}</p></div>
</article></li></ol></div></main>
<aside id="secondary" class="widget-area"><section class="widget widget_recent_entries"><h2 class="widget-title">
{story.related}</h2><ul>{"".join(f'<li><a href="/p/{i}">{head}</a></li>' for i, (head, _) in enumerate(story.teasers))}
</ul></section></aside></div>
<footer id="colophon" class="site-footer"><div class="site-info">{story.rights}</div></footer></div>""",
        "single single-post",
    )


def modern(story: Story, slots: Slots | None = None) -> str:
    """A page rendered by a framework: class names say nothing, hardly any landmark."""
    slots = slots or Slots()
    lead = _lead(story, "css-1q2w3e ") if slots.lead is None else slots.lead
    body = paragraphs(story, '<p class="css-axufdj e7v0b">') if slots.body is None else slots.body
    return _html(
        story,
        slots,
        f"""<div id="app"><div class="css-1d8a2"><div class="css-9kx1"><a href="/">{story.menu[0]}</a></div>
<div class="css-77hq">{_items(story, "css-0a1b")}</div></div>
<div class="css-1vxz4"><div class="css-h2x9"><h1 class="css-1l8bu">{story.headline}</h1>{lead}
<div class="css-53u6y8">{body}</div>{slots.after}</div>{slots.beside}
<div class="css-8sdl2"><h2 class="css-x0">{story.related}</h2>{cards(story, "css-19w2")}</div></div>
<div class="css-f00t">{_items(story, "css-0a1c")}<p>{story.rights}</p></div></div>
<script src="/static/main.4f2a.js"></script>""",
    )


def tabled(story: Story, slots: Slots | None = None) -> str:
    """An old page laid out with tables: menu, text and neighbours are cells of one row."""
    slots = slots or Slots()
    lead = f'<font size="2"><b>{story.byline}</b></font><br>' if slots.lead is None else slots.lead
    body = paragraphs(story) if slots.body is None else slots.body
    menu = "<br>".join(f'<a href="/{i}.html">{word}</a>' for i, word in enumerate(story.menu))
    side = "<br><br>".join(f'<a href="/n{i}.html">{head}</a><br>{line}' for i, (head, line) in enumerate(story.teasers))
    return _html(
        story,
        slots,
        f"""<table width="900" border="0" align="center">
<tr><td colspan="3"><a href="/"><img src="/logo.gif"></a></td></tr>
<tr><td width="140" valign="top" bgcolor="#eeeeee">{menu}</td>
<td width="560" valign="top"><h1>{story.headline}</h1>{lead}
{body}
{slots.after}</td><td width="200" valign="top"><b>{story.related}</b><br>{side}</td></tr>
<tr><td colspan="3" align="center"><font size="1">{story.rights}</font></td></tr></table>{slots.beside}""",
    )


TEMPLATES = {"press": press, "blog": blog, "modern": modern, "tabled": tabled}
