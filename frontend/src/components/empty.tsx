import type { ReactNode } from "react";
import { Link } from "wouter";

type EmptyProps = { title: string; children?: ReactNode };

/** A list with nothing in it, and the way on. */
export function Empty({ title, children }: EmptyProps) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {children}
      <Link href="/" className="button primary">
        Browse the shop
      </Link>
    </div>
  );
}
