"""Fixtures every test may ask for; each family lives in a module of its own."""

pytest_plugins = ["tests.databases", "tests.order", "tests.rig"]
