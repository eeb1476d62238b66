"""The Django admin: who runs this service sees and rules it here, and never sees mail."""
