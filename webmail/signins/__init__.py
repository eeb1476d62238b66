"""Who is signed in, where from and since when; who tried to, and how long they have to wait."""
