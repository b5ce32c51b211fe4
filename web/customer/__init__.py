"""Customers for people of the house: found by number, name or invoice, and seen whole in one look."""

from web.customer.pages import routes

__all__ = ["routes"]
