/** Sign-in with Cognito's hosted login: authorisation code with PKCE. Loaded only when needed. */
import {
  ErrorResponse,
  OidcClient,
  type RefreshState,
  type SigninResponse,
  WebStorageStateStore,
} from "oidc-client-ts";

import { loadSettings, type Settings } from "../settings";
import type { Tokens } from "./tokens";

const PATIENCE = 20; // seconds

export async function redirectToSignIn(returnTo: string): Promise<void> {
  const client = createClient(await loadSettings());
  const { url } = await client.createSigninRequest({ state: returnTo });
  window.location.assign(url);
}

/** The tokens, and the path that the sign-in began at. Rejects if the answer isn't one to our request. */
export async function handleCallback(): Promise<{ tokens: Tokens; returnTo: string }> {
  const client = createClient(await loadSettings());
  const response = await client.processSigninResponse(window.location.href);
  // The state comes from our own storage, but only a path of this site is ever followed.
  const path = typeof response.userState === "string" ? response.userState : "/";
  return { tokens: tokensOf(response), returnTo: /^\/(?!\/)/.test(path) ? path : "/" };
}

/** Null if the refresh token is no longer good. Rejects if nobody can be asked. */
export async function renewTokens(tokens: Tokens): Promise<Tokens | null> {
  const client = createClient(await loadSettings());
  try {
    const state = { ...tokens, session_state: null } as unknown as RefreshState;
    const response = await client.useRefreshToken({ state, timeoutInSeconds: PATIENCE });
    return tokensOf(response, tokens.refresh_token);
  } catch (error) {
    // Any other, such as too many requests, says nothing about the token.
    if (error instanceof ErrorResponse && error.error === "invalid_grant") return null;
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

/** A renewal answers without a new refresh token. */
function tokensOf(response: SigninResponse, refreshToken = ""): Tokens {
  const { sub, email, ...profile } = response.profile;
  if (response.id_token === undefined || email === undefined) throw new Error("an ID token with an address is needed");
  return {
    id_token: response.id_token,
    refresh_token: response.refresh_token ?? refreshToken,
    expires_at: response.expires_at ?? 0,
    profile: { ...profile, sub, email },
  };
}

function createClient(settings: Settings): OidcClient {
  return new OidcClient({
    authority: settings.issuer,
    client_id: settings.clientId,
    redirect_uri: `${window.location.origin}/signed-in`,
    scope: "openid email",
    // The PKCE verifier waits in the tab as well. Never localStorage or a cookie.
    stateStore: new WebStorageStateStore({ store: sessionStorage }),
    // A renewal is checked against the sign-in's own claims; the rest of them is not needed.
    filterProtocolClaims: false,
    // Stated here, so that no discovery request is needed.
    metadata: {
      issuer: settings.issuer,
      authorization_endpoint: `${settings.signInUrl}/oauth2/authorize`,
      token_endpoint: `${settings.signInUrl}/oauth2/token`,
    },
  });
}
