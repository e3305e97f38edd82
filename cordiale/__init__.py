"""cordiale: one picture of every small boat in a sea that two coastguards share."""
