"""One file per feed format, discovered by its presence; judge.py reads what none of them takes."""
