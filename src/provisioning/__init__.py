"""Turns an approved merchant into a live, sellable web store."""
