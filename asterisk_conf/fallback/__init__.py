"""What callers get when the voice core is gone: a script that Asterisk starts by itself, and its words.

`fallback.py` imports nothing of ours, so that it works when everything else is broken. `texts.py` holds its
prompts; they are rendered ahead into a folder, and where that is empty the script uses Asterisk's own sounds.
"""
