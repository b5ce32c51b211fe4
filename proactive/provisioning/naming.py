"""By what names this process knows its things again. Pure; the rules of `house.yaml` use the same."""


def order_key(order: str) -> str:
    """What contacts about an order are withdrawn by (`replaces:` of its rules)."""
    return f"order-{order}"


def text_id(source_event: str) -> str:
    """The text that goes to whom a contact could not reach."""
    return f"notice-{source_event}"
