"""What was done to mail lately, so that it can be taken back: places and UIDs, never content."""
