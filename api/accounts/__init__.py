"""Accounts: who somebody is to the service, and what they may do."""
