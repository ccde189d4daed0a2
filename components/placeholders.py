"""Values that stand for the shop's own: good enough for a preview, and refused in an update."""

import re

_RESERVED = re.compile(r".+@(.+\.)?(example|example\.(com|net|org))", re.IGNORECASE)
"""Addresses under the names that documents use: https://www.rfc-editor.org/rfc/rfc2606"""

_MODE = re.compile(r"(?:pk|rk|sk)_(?:org_)?(live|test)_")
"""Stripe's keys are of its live or its test mode: https://docs.stripe.com/keys"""


def of_text(key: str, value: str) -> list[str]:
    """Complain of a text that is to be replaced, and of an address that is reserved for documents."""
    if value.endswith("of_your_account") or _RESERVED.fullmatch(value):
        return [f"{key}: {value!r} is a placeholder; run: pulumi config set {key} …"]
    return []


def of_stripe_keys(secret: str, publishable: str) -> list[str]:
    """Complain of keys that take no money together. The secret one is not repeated; empty, it is not judged."""
    found: list[str] = []
    if secret and (not secret.startswith(("sk_", "rk_")) or of_text("", secret)):
        found.append(
            "stripeSecretKey: is not your account's secret key, which begins with sk_ or rk_; "
            "run: pulumi config set --secret stripeSecretKey"
        )
    found += of_text("stripePublishableKey", publishable)
    return found + _of_two_modes("stripePublishableKey", publishable, secret)


def of_read_key(key: str, secret: str) -> list[str]:
    """Complain of a key that is no restricted one, or of another mode. Neither is repeated; empty, it is not judged."""
    if key and (not key.startswith("rk_") or of_text("", key)):
        return [
            "stripeReadKey: is not your account's restricted key, which begins with rk_; "
            "run: pulumi config set --secret stripeReadKey"
        ]
    return _of_two_modes("stripeReadKey", key, secret)


def of_webhook_secret(key: str, secret: str) -> list[str]:
    """Complain of what signs no event of Stripe's. It is not repeated; empty, it is not judged."""
    if secret and (not secret.startswith("whsec_") or of_text("", secret)):
        return [
            f"{key}: is not your webhook endpoint's signing secret, which begins with whsec_; "
            f"run: pulumi config set --secret {key}"
        ]
    return []


def of_sandbox(protect_data: bool, domain_name: str) -> list[str]:
    """Complain of the payment sandbox, which moves no money, in a stack that is made for real customers."""
    signs = {"protectData": protect_data, "domainName": bool(domain_name)}
    return [
        f"paymentGateway: sandbox takes no money, and {key} is for real customers"
        for key, given in signs.items()
        if given
    ]


def _of_two_modes(name: str, key: str, secret: str) -> list[str]:
    modes = [mode[1] if (mode := _MODE.match(each)) else "" for each in (secret, key)]
    if set(modes) == {"live", "test"}:
        return [
            f"{name}: is of Stripe's {modes[1]} mode, and stripeSecretKey of its {modes[0]} mode"
        ]
    return []
