/** Stripe.js, from Stripe's own host. In chunks that only stacks with the gateway load. */
import { loadStripe } from "@stripe/stripe-js/pure";
import { queryOptions } from "@tanstack/react-query";

const SCRIPTS = "https://js.stripe.com/";

type TrustedTypes = {
  createPolicy: (name: string, rules: { createScriptURL: (url: string) => string | null }) => void;
};

// The site's policy takes no plain string for a script's address. Stripe's loader sets one, and can
// be told of no policy but the default one: https://docs.stripe.com/security/guide
(window as { trustedTypes?: TrustedTypes }).trustedTypes?.createPolicy("default", {
  createScriptURL: (url) => (url.startsWith(SCRIPTS) ? url : null),
});

/** Fails if it can't be had; the next time it is tried again. */
export function stripeQuery(publishableKey: string) {
  return queryOptions({
    queryKey: ["stripe", publishableKey],
    queryFn: () => loadStripe(publishableKey),
    staleTime: Number.POSITIVE_INFINITY,
    structuralSharing: false,
  });
}
