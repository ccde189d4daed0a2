/** Sign-in with Cognito's hosted login: authorisation code with PKCE. Loaded only when needed. */
import { ErrorResponse, UserManager, WebStorageStateStore } from "oidc-client-ts";

import { loadSettings, type Settings } from "../settings";

// Gone with the tab, and out of reach of other tabs and sites. Never localStorage or a cookie.
const store = new WebStorageStateStore({ store: sessionStorage });

export async function redirectToSignIn(returnTo: string): Promise<void> {
  const manager = createManager(await loadSettings());
  await manager.signinRedirect({ state: returnTo });
}

/** Resolves to the path that the sign-in began at. Rejects if the answer isn't one to our request. */
export async function handleCallback(): Promise<string> {
  const manager = createManager(await loadSettings());
  const user = await manager.signinRedirectCallback();
  // The state comes from our own storage, but only a path of this site is ever followed.
  const path = typeof user.state === "string" ? user.state : "/";
  return /^\/(?!\/)/.test(path) ? path : "/";
}

/** False if the refresh token is no longer good. Rejects if nobody can be asked. */
export async function renewTokens(): Promise<boolean> {
  const manager = createManager(await loadSettings());
  try {
    return (await manager.signinSilent()) !== null;
  } catch (error) {
    if (error instanceof ErrorResponse) return false;
    throw error;
  }
}

/** Cognito's own sign-out address, which is not OpenID's:
 * https://docs.aws.amazon.com/cognito/latest/developerguide/logout-endpoint.html */
export async function signOutUrl(): Promise<string> {
  const { signInUrl, clientId } = await loadSettings();
  const query = new URLSearchParams({
    client_id: clientId,
    logout_uri: `${window.location.origin}/`,
  });
  return `${signInUrl}/logout?${query.toString()}`;
}

function createManager(settings: Settings): UserManager {
  return new UserManager({
    authority: settings.issuer,
    client_id: settings.clientId,
    redirect_uri: `${window.location.origin}/signed-in`,
    scope: "openid email",
    userStore: store,
    stateStore: store,
    automaticSilentRenew: false,
    // Stated here, so that no discovery request is needed.
    metadata: {
      issuer: settings.issuer,
      authorization_endpoint: `${settings.signInUrl}/oauth2/authorize`,
      token_endpoint: `${settings.signInUrl}/oauth2/token`,
    },
  });
}
