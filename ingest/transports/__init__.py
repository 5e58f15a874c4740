"""Transports of wires: one file each, found by being here."""
