import type { MouseEvent, ReactNode } from "react";

import type { Product } from "../catalogue/products";
import { LinkButton } from "../components/link-button";
import { toast } from "../components/toasts";
import { acceptPrices, type PricedLine, removeFromBasket, setQuantity } from "./basket";

// Each of these is gone once it has done its work. So it hands the focus on, and a toast says what
// was done.

type LineButtonProps = { product: Product; children: ReactNode };

/** Takes as many as are left. */
export function TakeButton({ product, children }: LineButtonProps) {
  const take = (event: MouseEvent) => {
    lineOf(event)?.focus();
    setQuantity(product.productId, product.available);
    toast(`${product.name}: ${product.available} in your basket`);
  };
  return <LinkButton onClick={take}>{children}</LinkButton>;
}

/** Takes today's price for seen. */
export function AcceptButton({ product, children }: LineButtonProps) {
  const accept = (event: MouseEvent) => {
    lineOf(event)?.focus();
    acceptPrices([product]);
    toast(`${product.name}: new price accepted`);
  };
  return <LinkButton onClick={accept}>{children}</LinkButton>;
}

/** Removes its line. The focus goes to a line beside it, or to the heading if there is none. */
export function RemoveButton({ line: { product, productId } }: { line: PricedLine }) {
  const name = product?.name ?? productId;
  const remove = (event: MouseEvent) => {
    const line = lineOf(event);
    const next = line?.nextElementSibling ?? line?.previousElementSibling;
    const target = next ?? document.querySelector("h1");
    if (target instanceof HTMLElement) target.focus();
    removeFromBasket(productId);
    toast(`${name}: removed from your basket`);
  };
  return (
    <LinkButton label={`Remove ${name}`} onClick={remove}>
      Remove
    </LinkButton>
  );
}

function lineOf(event: MouseEvent) {
  return event.currentTarget.closest("li");
}
