"""Patch: signing in takes an e-mail address and one click. Whoever asks for one is created, with it verified.

There is nobody to protect: customers of a local cloud are made up. The page says what it is. That the client and its
redirect are known, the authorisation code and PKCE are all MiniStack's own.
"""

from html import escape
from typing import Any, cast

from ministack.services import cognito as untyped_cognito

from localcloud.emulator import anchors

cognito = cast(Any, untyped_cognito)
DEMO_CUSTOMER = "customer@example.com"
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sign in to the local cloud</title>
<link rel="icon" href="data:,">
<style>
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif;
  --ink: light-dark(#1d1d1f, #f2f2f3); --paper: light-dark(#fff, #17181a); --action: light-dark(#1f4fa8, #a9c5ff);
  --on-action: light-dark(#fff, #10131a); --note: light-dark(#fff3d1, #3a3113); --line: light-dark(#6b6f76, #9a9ea6) }
body { margin: 0; color: var(--ink); background: var(--paper) }
main { max-width: 22rem; margin: 12vh auto 0; padding: 1rem }
p { padding: .5rem .75rem; background: var(--note); border-radius: .25rem }
label { display: block; margin-top: 1rem }
input, button { box-sizing: border-box; width: 100%; padding: .625rem; font: inherit; border-radius: .25rem }
input { color: inherit; background: transparent; border: 1px solid var(--line) }
button { margin-top: 1rem; color: var(--on-action); background: var(--action); border: 0; cursor: pointer }
:focus-visible { outline: 3px solid var(--action); outline-offset: 2px }
</style>
</head>
<body>
<main>
<h1>Sign in</h1>
<p>Local cloud: no password needed.</p>
<form method="post" action="/login">
@HIDDEN@
<label for="username">E-mail address</label>
<input type="email" id="username" name="username" value="@EMAIL@" autocomplete="email" required>
<button type="submit">Continue</button>
</form>
</main>
</body>
</html>
"""
PARAMETERS = (
    "client_id redirect_uri scope state response_type code_challenge code_challenge_method nonce"
)


def apply() -> None:
    """Replaces the page, and the check of its form."""
    anchors.has_parameters(cognito, "_login_page_html", f"{PARAMETERS} error_message")
    anchors.has_parameters(cognito, "_authenticate_hosted_ui_user", "pool username password")
    anchors.has_parameters(cognito, "_resolve_user", "pool username")
    anchors.has_parameters(cognito, "_admin_create_user", "data")
    cognito._login_page_html = _page
    cognito._authenticate_hosted_ui_user = _sign_in


def _page(*given: str, error_message: str = "") -> str:
    hidden = "\n".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">'
        for name, value in zip(PARAMETERS.split(), given, strict=True)
    )
    page = PAGE.replace("@HIDDEN@", hidden).replace("@EMAIL@", DEMO_CUSTOMER)
    alert = f'<p role="alert">{escape(error_message)}</p>\n' if error_message else ""
    return page.replace("<form", f"{alert}<form")


def _sign_in(pool: Any, username: str, _password: str) -> tuple[Any, str]:
    """The customer with this address, made if need be, and no error message."""
    email = username.strip()
    if not all(email.partition("@")):
        return None, "That is not an e-mail address."
    user, missing = cognito._resolve_user(pool, email)
    if missing:
        attributes = [{"Name": "email", "Value": email}]
        cognito._admin_create_user(
            {
                "UserPoolId": pool["Id"],
                "Username": email,
                "UserAttributes": attributes,
                "MessageAction": "SUPPRESS",
            }
        )
        user, _ = cognito._resolve_user(pool, email)
    verified = [{"Name": "email_verified", "Value": "true"}]
    user["Attributes"] = cognito._merge_attributes(user["Attributes"], verified)
    user["UserStatus"] = "CONFIRMED"
    return user, ""
