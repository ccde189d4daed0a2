"""Who the shop is, as customers read it on the site, on receipts and in mails.

The values are in `shop.json`, which the storefront's build reads too. Change them there.
"""

import json
from pathlib import Path

_SHOP: dict[str, str] = json.loads(Path(__file__).with_name("shop.json").read_text("utf-8"))

NAME = _SHOP["name"]
CONTACT = _SHOP["contact"]
"""The e-mail address that customers write to."""
ACCENT = _SHOP["accent"]
"""The accent colour on white, as `#rrggbb`; at least 4.5:1, for small text (WCAG 2.2 AA)."""
ACCENT_ON_DARK = _SHOP["accentOnDark"]
"""The same where the reader has dark colours."""
