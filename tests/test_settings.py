"""Settings: environment over file over defaults, every mistake at once, and no secret shown."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.settings import Settings, SettingsError, load, secret

SHIPPED = Path(__file__).parent.parent / "config" / "wiredesk.toml"


def given_in(folder: Path, text: str) -> dict[str, str]:
    """An environment whose config folder holds this wiredesk.toml."""
    (folder / "wiredesk.toml").write_text(text, "utf-8")
    return {"WIREDESK_CONFIG": str(folder)}


def wrong(environ: dict[str, str]) -> str:
    with pytest.raises(SettingsError) as caught:
        load(environ)
    return str(caught.value)


def test_without_any_setting_the_defaults_of_the_contract_hold(tmp_path: Path) -> None:
    found = load({"WIREDESK_CONFIG": str(tmp_path)})
    assert found.redis_url is None
    assert (found.min_interval, found.host_delay, found.fetch_deadline, found.page_deadline) == (60, 1, 30, 10)
    assert (found.lease, found.since, found.retention) == (60, 7 * 86400, 14 * 86400)
    assert (found.max_page_bytes, found.max_feed_bytes, found.stream_bytes) == (10**7, 10**7, 10**9)
    assert (found.allow_hosts, found.fsync, found.html, found.data) == ((), "everysec", False, Path("data"))


def test_the_environment_goes_before_the_file_and_the_file_before_the_defaults(tmp_path: Path) -> None:
    environ = given_in(tmp_path, 'lease = "5 s"\nretention = "2 d"\n') | {"WIREDESK_LEASE": "7"}
    found = load(environ)
    assert (found.lease, found.retention, found.since) == (7, 2 * 86400, 7 * 86400)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("LEASE", "90", 90),
        ("LEASE", "90s", 90),
        ("LEASE", " 1.5 min ", 90),
        ("LEASE", "2 H", 7200),
        ("SINCE", "3", 3 * 86400),
        ("SINCE", "36 h", 36 * 3600),
        ("HOST_DELAY", "0", 0),
        ("STREAM_BYTES", "2 GiB", 2 * 2**30),
        ("MAX_PAGE_BYTES", "500kB", 500_000),
        ("MAX_PAGE_BYTES", "1024", 1024),
        ("HTML", "true", True),
        ("WORKERS", "3", 3),
    ],
)
def test_a_quantity_may_be_written_with_its_unit(name: str, text: str, value: float, tmp_path: Path) -> None:
    found = load({"WIREDESK_CONFIG": str(tmp_path), f"WIREDESK_{name}": text})
    assert getattr(found, name.lower()) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("LEASE", "soon"),
        ("LEASE", "-1"),
        ("LEASE", "0.1"),
        ("LEASE", "1e3"),
        ("LEASE", "inf"),
        ("LEASE", "5 MB"),
        ("LEASE", "1 fortnight"),
        ("MIN_INTERVAL", "0"),
        ("HOST_DELAY", "-1"),
        ("STREAM_BYTES", "5 s"),
        ("STREAM_BYTES", "0"),
        ("RETENTION", "4000 d"),
        ("WORKERS", "0"),
        ("WORKERS", "many"),
        ("FSYNC", "sometimes"),
        ("LOG", "loud"),
        ("REDIS_URL", "http://example.org"),
        ("PROXY", "socks5://proxy"),
        ("USER_AGENT", "evil\r\nX-Header: 1"),
        ("HTML", "perhaps"),
    ],
)
def test_a_wrong_value_is_refused_by_the_name_it_was_given_under(name: str, text: str, tmp_path: Path) -> None:
    message = wrong({"WIREDESK_CONFIG": str(tmp_path), f"WIREDESK_{name}": text})
    assert message.startswith(f"WIREDESK_{name}: ")
    assert "\n" not in message


def test_all_mistakes_of_file_and_environment_are_told_at_once(tmp_path: Path) -> None:
    environ = given_in(tmp_path, 'lease = "x"\nspeed = 9\n') | {"WIREDESK_WORKERS": "0", "WIREDESK_COLOUR": "red"}
    lines = wrong(environ).splitlines()
    assert len(lines) == 4
    assert {line.partition(": no")[0].partition(": ")[0] for line in lines} >= {"WIREDESK_WORKERS", "WIREDESK_COLOUR"}
    assert any(line.startswith("wiredesk.toml: lease: ") for line in lines)
    assert any(line.startswith("wiredesk.toml: speed: no such setting (known: ") for line in lines)


def test_a_broken_file_is_one_line_that_names_it(tmp_path: Path) -> None:
    message = wrong(given_in(tmp_path, "lease = = 5"))
    assert message.startswith(str(tmp_path / "wiredesk.toml"))
    assert "line 1" in message
    assert "\n" not in message


def test_a_file_that_is_no_text_is_one_line_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "wiredesk.toml").write_bytes(b"\xff\xfe\x00")
    assert str(tmp_path) in wrong({"WIREDESK_CONFIG": str(tmp_path)})


def test_an_empty_variable_counts_as_not_set(tmp_path: Path) -> None:
    assert load({"WIREDESK_CONFIG": str(tmp_path), "WIREDESK_LEASE": "", "REDIS_URL": ""}) == load(
        {"WIREDESK_CONFIG": str(tmp_path)}
    )


def test_redis_url_is_honoured_and_our_own_name_goes_before_it(tmp_path: Path) -> None:
    environ = {"WIREDESK_CONFIG": str(tmp_path), "REDIS_URL": "redis://one:1/0"}
    assert load(environ).redis_url == "redis://one:1/0"
    assert load(environ | {"WIREDESK_REDIS_URL": "unix:///two.sock"}).redis_url == "unix:///two.sock"


@pytest.mark.parametrize("name", ["REDIS_URL", "PROXY"])
def test_a_password_is_never_part_of_a_message(name: str, tmp_path: Path) -> None:
    message = wrong({"WIREDESK_CONFIG": str(tmp_path), f"WIREDESK_{name}": "htp://user:hunter2@host"})
    assert "hunter2" not in message


def test_hosts_are_a_list_with_commas_in_any_case(tmp_path: Path) -> None:
    environ = {"WIREDESK_CONFIG": str(tmp_path), "WIREDESK_ALLOW_HOSTS": " Intranet.example:8080, *.LAN ,,127.0.0.1"}
    assert load(environ).allow_hosts == ("intranet.example:8080", "*.lan", "127.0.0.1")


def test_other_programs_variables_are_none_of_our_business(tmp_path: Path) -> None:
    load({"WIREDESK_CONFIG": str(tmp_path), "LEASE": "x", "PATH": "/bin"})


def test_the_shipped_file_lists_every_setting_with_its_default() -> None:
    shown = tomllib.loads(re.sub(r"^# (\w+ = )", r"\1", SHIPPED.read_text("utf-8"), flags=re.MULTILINE))
    assert set(shown) == set(Settings.model_fields) - {"config"}
    defaults = Settings()
    for name, value in shown.items():
        if name != "workers" and value != "":
            assert getattr(Settings.model_validate({name: value}), name) == getattr(defaults, name), name
    assert tomllib.loads(SHIPPED.read_text("utf-8")) == {}


@given(st.text(max_size=30).filter(lambda text: "\x00" not in text))
def test_whatever_is_written_for_a_quantity_gives_a_number_or_one_line(text: str) -> None:
    environ = {"WIREDESK_CONFIG": "/nonexistent", "WIREDESK_LEASE": text}
    try:
        assert load(environ).lease >= 0.5
    except SettingsError as error:
        assert len(str(error).splitlines()) == 1


def test_a_secret_is_read_where_it_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWS_TOKEN", " s3cret\n")
    (tmp_path / "token").write_text("from file\n")
    assert secret("env:NEWS_TOKEN") == "s3cret"
    assert secret(f"file:{tmp_path / 'token'}") == "from file"
    assert secret("application/json") == "application/json"


def test_a_secret_that_is_missing_is_named_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NEWS_TOKEN", raising=False)
    with pytest.raises(SettingsError, match="environment variable NEWS_TOKEN is not set"):
        secret("env:NEWS_TOKEN")
    with pytest.raises(SettingsError, match="cannot read the secret file"):
        secret(f"file:{tmp_path / 'absent'}")
