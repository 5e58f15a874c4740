"""`wiredesk url`: the server's address, for other programs."""

from __future__ import annotations

import click

from workers.cli import place


@click.command("url")
def command() -> None:
    """Print the server's address, as redis clients take it."""
    click.echo(place.address(place.settings()))
