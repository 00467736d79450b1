"""Proposals: sites that localities put forward, and what becomes of them."""
