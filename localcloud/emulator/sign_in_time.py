"""Patch: a renewed ID token keeps the time of the sign-in in `auth_time`.

MiniStack writes the time of the renewal. OpenID Connect asks for the original one, as Cognito has it, and
oidc-client-ts refuses anything else: https://openid.net/specs/openid-connect-core-1_0.html#RefreshTokenResponse
"""

from collections.abc import Callable
from typing import Any, cast

from ministack.services import cognito as untyped_cognito

from localcloud.emulator import anchors

cognito = cast(Any, untyped_cognito)
_signed_in_at: dict[str, int] = {}


def apply() -> None:
    """Looks at the claims where MiniStack lets a user pool's own trigger change them."""
    anchors.source_contains(cognito, "        claims = _apply_pretoken_trigger(\n")
    unpatched: Callable[..., dict[str, Any]] = cognito._apply_pretoken_trigger

    def with_sign_in_time(*, claims: dict[str, Any], **others: Any) -> dict[str, Any]:
        # Tokens renewed from one sign-in have its `origin_jti` in common.
        signed_in_at = _signed_in_at.setdefault(claims["origin_jti"], claims["auth_time"])
        return unpatched(claims=claims | {"auth_time": signed_in_at}, **others)

    cognito._apply_pretoken_trigger = with_sign_in_time
