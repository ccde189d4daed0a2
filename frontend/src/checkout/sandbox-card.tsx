import { useImperativeHandle, useState } from "react";

import type { CardFieldProps } from "./card";

/** The payment sandbox's test cards, by the tokens that stand for them; see handlers/sandbox. */
const CARDS = [
  { token: "pm_card_visa", brand: "Visa", outcome: "Pays" },
  { token: "pm_card_mastercard", brand: "Mastercard", outcome: "Pays" },
  { token: "pm_card_chargeDeclined", brand: "Visa", outcome: "Declined by the bank" },
  {
    token: "pm_card_chargeDeclinedInsufficientFunds",
    brand: "Visa",
    outcome: "Declined: not enough money",
  },
  {
    token: "pm_card_authenticationRequired",
    brand: "Visa",
    outcome: "The bank asks for your approval first",
  },
];

export function SandboxCard({ ref, fault }: CardFieldProps) {
  const [token, setToken] = useState("pm_card_visa");
  useImperativeHandle(ref, () => ({ paymentMethod: () => Promise.resolve(token) }), [token]);
  return (
    <fieldset
      role="radiogroup"
      className="cards"
      aria-describedby="card-mode card-fault"
      aria-invalid={fault !== undefined}
    >
      <legend>Test card</legend>
      <p id="card-mode" className="test-mode">
        Test mode: no money moves
      </p>
      {CARDS.map((card) => (
        <label key={card.token} className="card-choice">
          <input
            type="radio"
            name="card"
            value={card.token}
            checked={card.token === token}
            onChange={() => setToken(card.token)}
          />
          <span className="card-brand">{card.brand}</span> <span>{card.outcome}</span>
        </label>
      ))}
      <p id="card-fault" className="fault">
        {fault}
      </p>
    </fieldset>
  );
}
