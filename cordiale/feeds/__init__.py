"""Things come in and become reports."""
