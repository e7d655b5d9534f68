"""The ledger wing: tables in, entries and findings out."""
