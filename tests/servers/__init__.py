"""Real mail servers for the tests: private, on loopback, gone with the process that started them."""
