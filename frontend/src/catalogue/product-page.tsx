import { useQuery } from "@tanstack/react-query";
import type { ComponentType } from "react";
import { Link, useParams } from "wouter";

import { Failure } from "../components/failure";
import { Money } from "../components/money";
import { NotFoundPage } from "../components/not-found-page";
import { Page } from "../components/page";
import { PageSkeleton } from "../components/skeleton";
import { Picture } from "./picture";
import { type Product, productsQuery } from "./products";
import { Stock } from "./stock";

type ProductPageProps = { Action: ComponentType<{ product: Product }> };

/** `Action` is what can be done with the product while there is some left. */
export default function ProductPage({ Action }: ProductPageProps) {
  const { productId } = useParams();
  const { data: products, error, refetch } = useQuery(productsQuery);
  const product = products?.find((each) => each.productId === productId);
  if (product) return <Details key={product.productId} product={product} Action={Action} />;
  if (products) return <NotFoundPage />;
  if (!error) return <PageSkeleton />;
  return (
    <Page title="Product">
      <Failure what="This product" error={error} retry={() => void refetch()} />
    </Page>
  );
}

function Details({ product, Action }: ProductPageProps & { product: Product }) {
  return (
    <Page title={product.name}>
      <div className="product-page">
        <Picture product={product} eager />
        <div className="about">
          <p className="price">
            <Money value={product.price} />
          </p>
          <p>{product.description}</p>
          <Stock product={product} />
          {product.available > 0 && <Action product={product} />}
          <Link href="/">Back to all products</Link>
        </div>
      </div>
    </Page>
  );
}
