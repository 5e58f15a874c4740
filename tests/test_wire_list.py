"""[[wire]] tables of feeds.toml: what is read, what is refused, and that everything wrong is told at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import tables, wires
from config.settings import Settings, SettingsError
from config.sources import sources
from config.wires import Wire
from ingest import transport
from workers.cli import check

SHIPPED = Path(__file__).parent.parent / "config" / "feeds.toml"
KEY = "SHA256:" + "a" * 43
LINES = {
    "spool": 'path = "spool/a"',
    "http": 'url = "https://api.example/feed"',
    "wireq": 'url = "env:QUEUE"',
    "sftp": f'url = "sftp://files.example/out"\nuser = "desk"\npassword = "env:WORD"\nhost_key = "{KEY}"',
    "ftp": 'url = "ftps://files.example/out"\nuser = "desk"\npassword = "file:/run/secrets/word"\ndone = "move:taken"',
}


def table(transport: str, *lines: str, name: str = "a") -> str:
    return "\n".join(["[[wire]]", f'name = "{name}"', f'transport = "{transport}"', *lines, ""])


def read(folder: Path, *texts: str) -> list[Wire]:
    path = folder / "feeds.toml"
    path.write_text("\n".join(texts), "utf-8")
    return sources(path, transport.mistakes).wires


def mistakes(folder: Path, *texts: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        read(folder, *texts)
    return str(caught.value).splitlines()


def test_every_transport_has_its_least_table_here() -> None:
    assert set(LINES) == set(transport.known())


@pytest.mark.parametrize("name", LINES)
def test_the_least_a_wire_needs_is_enough(tmp_path: Path, name: str) -> None:
    (wire,) = read(tmp_path, table(name, LINES[name]))
    assert (wire.name, wire.transport, wire.format, wire.tags) == ("a", name, None, ())


@pytest.mark.parametrize("name", LINES)
def test_a_wire_without_what_it_needs_says_what_that_is(tmp_path: Path, name: str) -> None:
    found = mistakes(tmp_path, table(name))
    needed = "path" if name == "spool" else "url"
    assert any(line == f"feeds.toml line 1: transport {name!r} needs a {needed}" for line in found)


def test_everything_a_wire_may_say_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "formats", lambda: {"ninjs": None})
    text = """
        [[wire]]
        name = "Agence Exemple 2"
        transport = "http"
        url = "https://api.example/feed"
        format = "ninjs"
        every = "30 s"
        tags = ["wire", "eu", "wire"]
        headers = { x-api-key = "env:KEY", Accept = "application/json" }
        language = "fr"
        timezone = "Europe/Paris"
        hosts = ["cdn.example:8443", "*.parts.example"]
    """
    (wire,) = read(tmp_path, text)
    assert (wire.name, wire.every, wire.tags) == ("Agence Exemple 2", 30, ("wire", "eu"))
    assert wire.headers == {"x-api-key": "env:KEY", "Accept": "application/json"}
    assert (wire.language, wire.zone, wire.hosts) == (
        "fr",
        ZoneInfo("Europe/Paris"),
        ("cdn.example:8443", "*.parts.example"),
    )
    assert "KEY" not in repr(wire)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('name = "../up"', "name '../up' has to be"),
        ('name = ".hidden"', "name '.hidden' has to be"),
        ('name = "a/b"', "name 'a/b' has to be"),
        ('name = "a\\nb"', "has to be 1 to 100 letters"),
        ('password = "hunter2"', "password is a secret; write env:NAME or file:PATH"),
        ('key = "hunter2"', "key is a secret; write env:NAME or file:PATH"),
        ('headers = { Authorization = "hunter2" }', "holds a secret; write env:NAME or file:PATH"),
        ('headers = { X-Api-Key = "hunter2" }', "holds a secret; write env:NAME or file:PATH"),
        ('url = "sftp://desk:hunter2@files.example/out"', "url holds a user name or password; write user ="),
        ('url = "gopher://files.example/out"', "has to begin with http:// or https:// or sftp://"),
        ('url = "sftp:///out"', "and a host"),
        ('url = "sftp://a.example/x y"', "white space"),
        ('done = "burn"', "done 'burn' has to be keep, delete or move:FOLDER"),
        ('done = "move:"', "done 'move:' has to be keep, delete or move:FOLDER"),
        ('done = "move:a\\nDELE b"', "has to be keep, delete or move:FOLDER"),
        ('hosts = ["http://a.example/"]', "is neither host, host:port nor *.suffix"),
        ('hosts = "a.example"', "hosts has to be a list"),
        ('host_key = "ssh-rsa AAAA"', "as ssh-keygen -lf prints it"),
        ('every = "0 s"', "every has to lie between"),
        ('timezone = "Mars/Olympus"', "timezone 'Mars/Olympus' is not known"),
        ('language = "english please"', "language 'english please' has to be a tag"),
        ('user = ""', "user '' has to be printable"),
        ('format = "papyrus"', "format 'papyrus' is not known (known: "),
        ('path = "spool/x"', "path means nothing to transport 'sftp'"),
        ("speed = 3", "no such key 'speed' in [[wire]] (known: name, transport, path"),
    ],
)
def test_a_mistake_is_one_line_with_its_place_and_its_cure(tmp_path: Path, line: str, message: str) -> None:
    key = line.partition(" ")[0]
    lines = ['name = "a"', 'transport = "sftp"', *LINES["sftp"].splitlines()]
    kept = [one for one in lines if one.partition(" ")[0] != key]
    found = mistakes(tmp_path, "\n".join(["# a remark", "[[wire]]", *kept, line]))
    assert [one for one in found if message in one and one.startswith("feeds.toml line 2: ")], found
    assert "hunter2" not in "".join(found)


def test_every_mistake_of_every_wire_is_told_at_once(tmp_path: Path) -> None:
    found = mistakes(
        tmp_path,
        table("spool", 'path = "spool/x"', 'user = "me"'),
        table("pigeon", 'path = "loft"'),
        table("spool", 'path = "./spool/../spool/x"', name="b"),
        '[[wire]]\npassword = "x"\n',
        '[[feed]]\nurl = "gopher://x/"\n',
    )
    known = ", ".join(transport.known())
    assert sorted(found) == sorted(
        [
            "feeds.toml line 1: user means nothing to transport 'spool'",
            f"feeds.toml line 7: transport 'pigeon' is not known (known: {known})",
            "feeds.toml line 7: the same name as in feeds.toml line 1",
            "feeds.toml line 12: the same path as in feeds.toml line 1",
            "feeds.toml line 17: a [[wire]] needs a name",
            "feeds.toml line 17: a [[wire]] needs a transport",
            "feeds.toml line 17: password is a secret; write env:NAME or file:PATH and keep the value there",
            "feeds.toml line 20: url 'gopher://x/' has to begin with http:// or https:// and a host",
        ]
    )


@given(
    st.dictionaries(
        st.sampled_from(sorted(wires._KEYS)),
        st.one_of(st.integers(), st.text(max_size=8), st.lists(st.text(max_size=3), max_size=3), st.booleans()),
    )
)
def test_whatever_values_a_table_has_the_answer_is_a_wire_or_mistakes(values: dict[str, Any]) -> None:
    noted: list[str] = []
    wire = wires.wire(tables.Table("wire", values, "here", noted))
    assert isinstance(wire, Wire)
    assert noted or ({"name", "transport"} <= set(values))
    transport.mistakes(wire)


def test_the_example_in_the_shipped_feed_list_is_right(tmp_path: Path) -> None:
    lines = SHIPPED.read_text("utf-8").splitlines()
    start = lines.index("# [[wire]]")
    example = [line[2:] for line in lines[start : lines.index("#", start)]]
    path = tmp_path / "feeds.toml"
    path.write_text("\n".join(example), "utf-8")
    (wire,) = sources(path).wires
    assert (wire.name, wire.transport, wire.every) == ("example", "spool", 30)
    assert transport.mistakes(replace(wire, format=None)) == []


def test_check_tells_missing_secrets_of_wires_and_that_a_proxy_is_not_for_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WORD", raising=False)
    (tmp_path / "feeds.toml").write_text(table("sftp", LINES["sftp"]), "utf-8")
    said = list(check._files(Settings(config=tmp_path, proxy="http://proxy.example:3128")))
    assert "environment variable WORD is not set" in said
    assert any(line.startswith("note: WIREDESK_PROXY is for HTTP") for line in said)
    assert not any("lists no feed" in line for line in said)


def test_check_tells_what_only_a_transport_sees(tmp_path: Path) -> None:
    (tmp_path / "feeds.toml").write_text(table("spool"), "utf-8")
    said = list(check._files(Settings(config=tmp_path)))
    assert "feeds.toml line 1: transport 'spool' needs a path" in said
