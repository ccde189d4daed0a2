import type { Stripe, StripeCardElement } from "@stripe/stripe-js";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useImperativeHandle, useRef, useState } from "react";

import { Failure } from "../components/failure";
import { Skeleton } from "../components/skeleton";
import { stripeQuery } from "../stripe";
import { CardError, type CardFieldProps } from "./card";

const UNREADABLE = "Your card could not be read. Check it and try again.";

/** Stripe's own card field, in Stripe's own frame: the number never reaches this page. */
export default function StripeCard(props: CardFieldProps & { publishableKey: string }) {
  const { publishableKey } = props;
  const { data: stripe, error, refetch } = useQuery(stripeQuery(publishableKey));
  if (error) return <Failure what="The card field" error={error} retry={() => void refetch()} />;
  if (!stripe) return <Skeleton className="skeleton-card" />;
  return <CardElement {...props} stripe={stripe} />;
}

function CardElement({ ref, fault, stripe }: CardFieldProps & { stripe: Stripe }) {
  const mount = useRef<HTMLDivElement>(null);
  const element = useRef<StripeCardElement>(null);
  const [typed, setTyped] = useState<string>();

  useEffect(() => {
    if (mount.current === null) return undefined;
    const { color, fontFamily } = getComputedStyle(mount.current);
    const style = { base: { color, fontFamily, fontSize: "16px", iconColor: color } };
    const card = stripe.elements().create("card", { style });
    card.on("change", (event) => setTyped(event.error?.message));
    card.mount(mount.current);
    element.current = card;
    return () => card.destroy();
  }, [stripe]);

  useImperativeHandle(ref, () => ({
    async paymentMethod() {
      if (element.current === null) throw new CardError(UNREADABLE);
      const card = element.current;
      const made = await stripe.createPaymentMethod({ type: "card", card });
      if (made.paymentMethod) return made.paymentMethod.id;
      card.focus();
      throw new CardError(made.error.message ?? UNREADABLE);
    },
  }));

  return (
    <div className="field">
      <label htmlFor="card">Card</label>
      <div id="card" ref={mount} className="card-element" />
      <p className="fault" role="alert">
        {typed ?? fault}
      </p>
    </div>
  );
}
