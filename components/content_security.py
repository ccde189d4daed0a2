"""The Content-Security-Policy of the storefront's pages: what they may load, talk to and run."""

_STRIPE_SCRIPTS = ["https://js.stripe.com", "https://*.js.stripe.com"]
_STRIPE_FRAMES = [*_STRIPE_SCRIPTS, "https://hooks.stripe.com"]
_STRIPE_API = ["https://api.stripe.com"]
"""https://docs.stripe.com/security/guide#content-security-policy"""

API_POLICY = "default-src 'none'; frame-ancestors 'none'"
"""For answers that are data: should a browser ever show one as a page, it can do nothing."""


def page_policy(sign_in_url: str, *, stripe: bool) -> str:
    """Its own files, its own API, the sign-in's token endpoint; with `stripe` also Stripe.js.

    Trusted Types turn off the text sinks that script injection needs. The pages use none, so no
    policy may be made. Stripe's loader sets a script's address as text, which only a policy named
    `default` can let through (https://github.com/stripe/stripe-js/issues/403): with Stripe the
    storefront may make that one, and makes it for js.stripe.com alone.
    """
    directives = {
        "default-src": ["'none'"],
        "script-src": ["'self'", *(_STRIPE_SCRIPTS if stripe else [])],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "manifest-src": ["'self'"],
        "connect-src": ["'self'", sign_in_url, *(_STRIPE_API if stripe else [])],
        "frame-src": _STRIPE_FRAMES if stripe else ["'none'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "require-trusted-types-for": ["'script'"],
        "trusted-types": ["default" if stripe else "'none'"],
    }
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in directives.items())
