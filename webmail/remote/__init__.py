"""Fetching from addresses that strangers chose, without being aimed inward. Knows no Django and no mail."""
