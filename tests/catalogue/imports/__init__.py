"""Catalogue files, from bytes to the shelf."""

from datetime import date

TODAY = date(2026, 11, 24)
