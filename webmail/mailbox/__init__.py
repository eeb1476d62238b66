"""The use cases: what a person does with mail. Keyword-only functions that return frozen dataclasses."""
