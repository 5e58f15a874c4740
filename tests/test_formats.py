"""One conformance test for every file in ingest/formats: its samples lie in tests/samples/feeds/<format>/.

A sample is any file there; what it must be read as lies beside it under the same name, ending in .expected.json.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from pydantic import TypeAdapter

from ingest import feeds, formats, tidy
from ingest.body import Body, Odd
from ingest.model import FeedDocument

SAMPLES = Path(__file__).parent / "samples" / "feeds"
NAMES = sorted(module.name for module in pkgutil.iter_modules(formats.__path__))
URL = "https://news.example/feeds/main.xml"


def samples(name: str) -> list[Path]:
    return sorted(p for p in (SAMPLES / name).glob("*") if not p.name.endswith(".expected.json"))


CASES = [pytest.param(name, path, id=f"{name}/{path.name}") for name in NAMES for path in samples(name)]


def module(name: str) -> ModuleType:
    return importlib.import_module(f"ingest.formats.{name}")


def shown(document: FeedDocument) -> Any:
    return json.loads(TypeAdapter(FeedDocument).dump_json(document, exclude_defaults=True))


@pytest.mark.parametrize("name", NAMES)
def test_every_format_has_a_sample_and_every_sample_an_expectation(name: str) -> None:
    assert samples(name), f"put a sample of {name} into {SAMPLES / name}"
    assert [p for p in samples(name) if not p.with_suffix(".expected.json").exists()] == []


def test_every_folder_of_samples_belongs_to_a_format() -> None:
    assert sorted(p.name for p in SAMPLES.iterdir()) == NAMES


@pytest.mark.parametrize(("name", "path"), CASES)
def test_a_sample_is_read_as_expected(name: str, path: Path) -> None:
    body = Body(path.read_bytes(), URL)
    document = tidy.sane(module(name).parse(body))
    assert document.format == name
    assert json.loads(path.with_suffix(".expected.json").read_text(encoding="utf-8")) == shown(document)


@pytest.mark.parametrize(("name", "path"), CASES)
def test_exactly_its_own_format_recognises_a_sample(name: str, path: Path) -> None:
    body = Body(path.read_bytes(), URL)
    if name == "judge":
        with pytest.raises(Odd):
            feeds.read(body.raw, URL)
    else:
        assert [name] == [reader.__name__.rpartition(".")[2] for reader in feeds.fast() if reader.recognises(body)]  # type: ignore[attr-defined]
