import { useQuery } from "@tanstack/react-query";
import type { ComponentType, ReactNode } from "react";
import { Link } from "wouter";

import { Empty } from "../components/empty";
import { Failure } from "../components/failure";
import { Money } from "../components/money";
import { Page } from "../components/page";
import { Skeleton } from "../components/skeleton";
import { Picture } from "./picture";
import { type Product, productsQuery } from "./products";
import { Stock } from "./stock";

const ABOVE_THE_FOLD = 4;

type CataloguePageProps = { Action: ComponentType<{ product: Product }> };

/** `Action` is what can be done with a product, such as to put it into a basket. */
export default function CataloguePage({ Action }: CataloguePageProps) {
  return (
    <Page
      title="Well-made things for every day"
      lead="For the kitchen, the table and the garden. Ordered in a minute, followed step by step."
    >
      <Products Action={Action} />
    </Page>
  );
}

function Products({ Action }: CataloguePageProps) {
  const { data: products, error, refetch } = useQuery(productsQuery);
  if (products === undefined && error) {
    return <Failure what="The catalogue" error={error} retry={() => void refetch()} />;
  }
  if (products?.length === 0) return <Empty title="There is nothing for sale right now." />;
  return (
    <ul className="products" aria-busy={products === undefined}>
      {products?.map((product, index) => (
        <li key={product.productId} className="product-card">
          <ProductCard product={product} eager={index < ABOVE_THE_FOLD}>
            <Action product={product} />
          </ProductCard>
        </li>
      )) ?? <ProductSkeletons />}
    </ul>
  );
}

type ProductCardProps = { product: Product; eager: boolean; children: ReactNode };

function ProductCard({ product, eager, children }: ProductCardProps) {
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
        {children}
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
