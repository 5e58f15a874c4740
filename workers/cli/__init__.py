"""The front door: one file per command. Nothing imports it."""
