"""The page: addresses, screens, templates' values. Everything a person sees."""
