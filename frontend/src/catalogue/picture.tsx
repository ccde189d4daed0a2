import type { Product } from "./products";

type PictureProps = { product: Product; eager?: boolean };

const MISSING = "/images/missing.svg";

/** A product's picture; it has no words of its own, because the name always stands beside it. */
export function Picture({ product, eager = false }: PictureProps) {
  return (
    <img
      className="picture"
      src={product.image}
      alt=""
      width={640}
      height={480}
      loading={eager ? "eager" : "lazy"}
      decoding="async"
      onError={({ currentTarget: image }) => {
        if (!image.src.endsWith(MISSING)) image.src = MISSING;
      }}
    />
  );
}
