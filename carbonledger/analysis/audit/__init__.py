"""Checks of inventories and of published totals: doubts an auditor would raise, each a small function."""
