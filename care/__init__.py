"""Why customers ring 0611 and what they can settle there by themselves. Floor 6."""
