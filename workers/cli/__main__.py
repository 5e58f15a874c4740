"""`python -m workers.cli`: the command without an installed script, as the supervisor starts its children."""

from workers.cli.main import main

main()
