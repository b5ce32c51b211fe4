"""The page and the REST API. Floor 7."""
