"""Who the shop is, as customers read it on receipts and in mails. Change it here."""

NAME = "Fernhill Goods"
ACCENT = "#1f5f4b"
"""The one accent colour, dark enough for small text on white (7.5:1)."""
