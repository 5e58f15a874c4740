"""A small invented newsroom on loopback that keeps a log of what it showed: for `wiredesk demo` and for crash runs."""
