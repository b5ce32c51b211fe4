"""Measurements, each printed as JSON, each a ratio within one run. Floor 8.

`python -m bench` starts a telco of its own (`bench.telco`), lets SIPp ring it (`bench.caller`) and prints one
JSON document; `python -m bench NAME` one part of it. `docs/reference/figures.md` says what is compared.
"""
