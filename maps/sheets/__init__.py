"""Sheets: maps to scale on paper, for a plan dossier. A sheet is drawn by `canvas` on `paper`, of ground that a `window` shows."""
