"""The command `wiredesk`: finds the file of a command when it is asked for, and turns errors into one line."""

from __future__ import annotations

import importlib
import sys

import click

COMMANDS = {
    "run": "Run everything: server, poller, workers, supervised.",
    "poll": "Run one poller.",
    "work": "Run workers and the housekeeping.",
    "enqueue": "Put addresses at the head of the line.",
    "documents": "Print the event stream.",
    "why": "Tell the story of one address, guid or event.",
    "failures": "List what failed or was refused, and put it back.",
    "status": "Show counters, feeds, taggers, memory, alarms.",
    "feeds": "List, add, remove, import, export and check feeds.",
    "taggers": "List and replay RQ taggers, see their dead letters.",
    "parse": "Read feed files into entries, without a server.",
    "extract": "Read pages into articles, without a server.",
    "stories": "Group texts of a file into stories: copies, excerpts, versions.",
    "url": "Print the server's address.",
    "check": "Find everything that is wrong, and say what to do.",
    "demo": "Run a small newsroom through the service, offline.",
}


class Lazy(click.Group):
    """A group whose commands are imported when they are used, so that --help stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order people meet them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import workers/cli/<name>.py and take its `command`."""
        if cmd_name not in COMMANDS:
            return None
        found = importlib.import_module(f"workers.cli.{cmd_name}").command
        assert isinstance(found, click.Command)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option("0.1.0", prog_name="wiredesk")
def group() -> None:
    """News ingestion: feeds in, deduplicated documents out. Settings: WIREDESK_* and wiredesk.toml."""


def main() -> None:
    """Run a command; exit 0 done, 1 the work failed, 2 wrong usage or settings."""
    from config.settings import SettingsError
    from ingest.errors import Trouble

    try:
        group.main(prog_name="wiredesk")
    except SettingsError as error:
        print(f"wiredesk: {error}", file=sys.stderr)  # noqa: T201  # the command's one line
        sys.exit(2)
    except Trouble as error:
        print(f"wiredesk: {error}", file=sys.stderr)  # noqa: T201  # the command's one line
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
