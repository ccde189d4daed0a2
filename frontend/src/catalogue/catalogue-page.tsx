import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";

import { Empty } from "../parts/empty";
import { Failure } from "../parts/failure";
import { Money } from "../parts/money";
import { Page } from "../parts/page";
import { Picture } from "../parts/picture";
import { Skeleton } from "../parts/skeleton";
import { AddButton } from "./add-button";
import { type Product, productsQuery } from "./products";
import { Stock } from "./stock";

const ABOVE_THE_FOLD = 4;

export default function CataloguePage() {
  return (
    <Page
      title="Well-made things for every day"
      lead="For the kitchen, the table and the garden. Ordered in a minute, followed step by step."
    >
      <Products />
    </Page>
  );
}

function Products() {
  const { data: products, error, refetch } = useQuery(productsQuery);
  if (products === undefined && error) {
    return <Failure what="The catalogue" error={error} retry={() => void refetch()} />;
  }
  if (products?.length === 0) return <Empty title="There is nothing for sale right now." />;
  return (
    <ul className="products" aria-busy={products === undefined}>
      {products?.map((product, index) => (
        <li key={product.productId} className="product-card">
          <ProductCard product={product} eager={index < ABOVE_THE_FOLD} />
        </li>
      )) ?? <ProductSkeletons />}
    </ul>
  );
}

function ProductCard({ product, eager }: { product: Product; eager: boolean }) {
  return (
    <>
      <Picture product={product} eager={eager} />
      <div className="about">
        <h2>
          <Link href={`/products/${product.productId}`}>{product.name}</Link>
        </h2>
        <div className="offer">
          <Money value={product.price} />
          <Stock product={product} />
        </div>
        <AddButton product={product} />
      </div>
    </>
  );
}

function ProductSkeletons() {
  return Array.from({ length: 12 }, (_, index) => (
    <li key={index} className="product-card">
      <Skeleton className="skeleton-picture" />
      <Skeleton className="skeleton-about" />
    </li>
  ));
}
