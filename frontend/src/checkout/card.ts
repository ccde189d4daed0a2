import type { Ref } from "react";

/** What the page asks of any card field. */
export type Card = {
  /** The gateway's token of the card. Rejects with CardError if there is none yet. */
  paymentMethod: () => Promise<string>;
};

/** Something about the card that the customer can put right; the message says what. */
export class CardError extends Error {}

export type CardFieldProps = { ref: Ref<Card>; fault: string | undefined };
