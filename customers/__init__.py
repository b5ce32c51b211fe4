"""Who calls and is called: people, numbers, lines, consent, and mirrors of invoices, orders, faults. Floor 1."""
