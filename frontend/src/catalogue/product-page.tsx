import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useParams } from "wouter";

import { MOST_OF_ONE } from "../api/contract";
import { Failure } from "../parts/failure";
import { Money } from "../parts/money";
import { NotFoundPage } from "../parts/not-found-page";
import { Page } from "../parts/page";
import { Picture } from "../parts/picture";
import { QuantityField } from "../parts/quantity-field";
import { PageSkeleton } from "../parts/skeleton";
import { AddButton } from "./add-button";
import { type Product, productsQuery } from "./products";
import { Stock } from "./stock";

export default function ProductPage() {
  const { productId } = useParams();
  const { data: products, error, refetch } = useQuery(productsQuery);
  const product = products?.find((each) => each.productId === productId);
  if (product) return <Details key={product.productId} product={product} />;
  if (products) return <NotFoundPage />;
  if (!error) return <PageSkeleton />;
  return (
    <Page title="Product">
      <Failure what="This product" error={error} retry={() => void refetch()} />
    </Page>
  );
}

function Details({ product }: { product: Product }) {
  const [quantity, setQuantity] = useState(1);
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
          {product.available > 0 && (
            <div className="buy">
              <QuantityField
                label={`Quantity of ${product.name}`}
                value={quantity}
                most={Math.min(product.available, MOST_OF_ONE)}
                onChange={setQuantity}
              />
              <AddButton product={product} quantity={quantity} primary />
            </div>
          )}
          <Link href="/">Back to all products</Link>
        </div>
      </div>
    </Page>
  );
}
