"""The analysis: pure functions on named tables, and the edges that read and write files."""
