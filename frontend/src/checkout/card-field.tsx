import { lazy, Suspense } from "react";

import { Failure } from "../components/failure";
import { Skeleton } from "../components/skeleton";
import { useSettings } from "../settings";
import type { CardFieldProps } from "./card";
import { SandboxCard } from "./sandbox-card";

// Only stacks with the gateway load anything of it.
const StripeCard = lazy(() => import("./stripe-card"));

/** Where the customer says which card pays: by a token of the gateway, never by its number. */
export function CardField(props: CardFieldProps) {
  const { data, error, refetch } = useSettings();
  if (error) return <Failure what="The payment" error={error} retry={() => void refetch()} />;
  if (!data) return <Skeleton className="skeleton-card" />;
  if (data.paymentGateway === "sandbox") return <SandboxCard {...props} />;
  return (
    <Suspense fallback={<Skeleton className="skeleton-card" />}>
      <StripeCard {...props} publishableKey={data.stripePublishableKey ?? ""} />
    </Suspense>
  );
}
