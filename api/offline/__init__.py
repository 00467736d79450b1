"""Offline: a form in a single file that opens without a network, and the file that it saves."""
