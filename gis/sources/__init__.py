"""Edges: files in."""
