"""What is on its way out: sent once, kept until it is, and told truthfully."""
