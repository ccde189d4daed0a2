import type { Product } from "../catalogue/products";
import { toast } from "../components/toasts";
import { addToBasket, noRoomFor } from "./basket";

type AddButtonProps = { product: Product; quantity?: number; primary?: boolean };

export function AddButton({ product, quantity = 1, primary = false }: AddButtonProps) {
  const add = () => {
    const added = addToBasket(product, quantity);
    toast(added ? `${product.name}: in your basket` : noRoomFor([product]));
  };
  return (
    <button
      type="button"
      className={primary ? "button primary" : "button"}
      disabled={product.available === 0}
      aria-label={`Add to basket: ${product.name}`}
      onClick={add}
    >
      Add to basket
    </button>
  );
}
