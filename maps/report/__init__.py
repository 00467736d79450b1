"""Report: what a result says of a province, as a PDF to read on paper: findings, map, tables, plan, method, limits, sources."""
