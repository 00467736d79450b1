"""Rows, not code: norms, kinds of play area, licences, census facts, the demo study."""
