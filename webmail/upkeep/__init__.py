"""What an administrator does to all of it: clean up, change keys, move to another database."""
