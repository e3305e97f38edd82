"""Which report is about which boat."""
