"""Migrations: one module a version in `versions`, run by `sanchoi.api.store.migrate`."""
