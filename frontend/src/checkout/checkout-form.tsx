import { type FormEvent, type RefObject, useEffect, useRef, useState } from "react";
import { Link } from "wouter";

import { LONGEST_NAME } from "../api/contract";
import type { BasketLine, PricedBasket } from "../basket/basket";
import { Notice } from "../components/notice";
import { formatMoney } from "../money";
import { useSettings } from "../settings";
import { type OrderRequest, requestOf } from "./attempt";
import { type Card, CardError } from "./card";
import { CardField } from "./card-field";
import { type Faults, faultsOf, NO_FAULTS } from "./faults";
import { OrderLines } from "./order-lines";
import { wasRefused } from "./place-order";
import { Progress } from "./progress";
import type { Checkout } from "./use-checkout";

const CHARGED = "You are charged only when all of it is in stock and set aside for you.";
const CHANGED = "Your basket was changed in another tab. Look at it again; then you can pay.";

type CheckoutFormProps = {
  email: string;
  checkout: Checkout;
  basket: BasketLine[];
  priced: PricedBasket;
};

export function CheckoutForm(props: CheckoutFormProps) {
  const { email, checkout, priced } = props;
  const sent = checkout.order.variables;
  const form = useRef<HTMLFormElement>(null);
  const card = useRef<Card>(null);
  const { faults, submit } = useSubmit(props, form, card);
  return (
    <form ref={form} className="checkout" onSubmit={(event) => void submit(event)} noValidate>
      <fieldset className="checkout-details" disabled={checkout.isBusy}>
        <section className="checkout-section">
          <h2>Contact</h2>
          <Contact email={email} />
          <NameField fault={faults.name} initial={sent && requestOf(sent).name} />
        </section>
        <section className="checkout-section">
          <h2>Payment</h2>
          <CardField ref={card} fault={faults.card} />
        </section>
      </fieldset>
      <Summary checkout={checkout} priced={priced} faults={faults} />
    </form>
  );
}

/** Whose order it is, and whether a mail follows: a stack without a sender sends none. */
function Contact({ email }: { email: string }) {
  const { data } = useSettings();
  const address = <strong>{email}</strong>;
  return data?.sendsMail ? (
    <p>The confirmation goes to {address}.</p>
  ) : (
    <p>You are signed in as {address}.</p>
  );
}

/** Sends what the form says, and finds what is wrong with it: here, or as the shop answered. */
function useSubmit(
  { checkout: { order, place }, basket, priced }: CheckoutFormProps,
  form: RefObject<HTMLFormElement | null>,
  card: RefObject<Card | null>,
) {
  const [found, setFound] = useState<Faults | null>(null);
  // Until the next submit, those that the shop found in the last one.
  const isRefused = order.isError && wasRefused(order.error);
  const refused = isRefused ? faultsOf(order.error, requestOf(order.variables)) : NO_FAULTS;

  useEffect(() => {
    if (found || order.isError) focusFirstFault(form.current);
  }, [form, found, order.isError]);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!priced.orderable) return focusFirstFault(form.current);
    const name = new FormData(event.currentTarget).get("name");
    const prepare = async () => request(priced, await token(card.current), name);
    setFound(NO_FAULTS);
    try {
      setFound((await place(basket, prepare)) ? null : { ...NO_FAULTS, other: CHANGED });
    } catch (error) {
      if (!(error instanceof CardError)) throw error;
      setFound({ ...NO_FAULTS, card: error.message });
    }
  };
  return { faults: found ?? refused, submit };
}

type SummaryProps = Pick<CheckoutFormProps, "checkout" | "priced"> & { faults: Faults };

function Summary({ checkout, priced, faults }: SummaryProps) {
  return (
    <section className="card summary" aria-labelledby="summary">
      <div className="summary-heading">
        <h2 id="summary">Your order</h2>
        <Link href="/basket">Change it</Link>
      </div>
      <OrderLines basket={priced} faults={faults.lines} />
      {/* Not disabled, which would take the focus away from it. */}
      <button type="submit" className="button primary pay" aria-disabled={checkout.isBusy}>
        {priced.total ? `Pay ${formatMoney(priced.total)}` : "Pay"}
      </button>
      <Progress checkout={checkout} before={CHARGED} />
      {faults.other !== undefined && (
        <Notice tone="bad" title={faults.other}>
          <p>Nothing was ordered, and you have not been charged.</p>
        </Notice>
      )}
    </section>
  );
}

type NameFieldProps = { fault: string | undefined; initial: string | undefined };

function NameField({ fault, initial }: NameFieldProps) {
  return (
    <div className="field">
      <label htmlFor="name">
        Name on the receipt <span className="hint">(optional)</span>
      </label>
      <input
        id="name"
        name="name"
        autoComplete="name"
        maxLength={LONGEST_NAME}
        defaultValue={initial}
        aria-invalid={fault !== undefined}
        aria-describedby="name-fault"
      />
      <p id="name-fault" className="fault">
        {fault}
      </p>
    </div>
  );
}

function token(card: Card | null): Promise<string> {
  if (card === null) throw new CardError("The card can't be taken yet. Try again in a moment.");
  return card.paymentMethod();
}

function request(
  { lines, total }: PricedBasket,
  paymentMethod: string,
  name: FormDataEntryValue | null,
): OrderRequest {
  if (total === null) throw new Error("there is nothing to order");
  const written = typeof name === "string" ? name.replaceAll(/\p{Cc}/gu, " ").trim() : "";
  return {
    lines: lines.map(({ productId, quantity }) => ({ productId, quantity })),
    expectedTotal: total,
    paymentMethod,
    ...(written && { name: written }),
  };
}

function focusFirstFault(form: HTMLFormElement | null): void {
  const faulty = '[aria-invalid="true"]';
  const first = form?.querySelector<HTMLElement>(
    `input${faulty}, ${faulty} input:checked, [data-trouble] :is(a, button)`,
  );
  first?.focus();
}
