"""Everything between a fresh Debian and a running Centralino. Python's own library only.

`python3 -m setup run` prepares what running needs, `python3 -m setup test` also what the tests need. Every
step looks first whether its work is done already, so the second time takes no time to speak of.
"""
