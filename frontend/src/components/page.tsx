import { type ReactNode, useEffect, useRef } from "react";

import { SHOP } from "../shop";

type PageProps = { title: string; lead?: ReactNode; children: ReactNode };

let firstPage = true;
let wentBack = false;
window.addEventListener("popstate", () => (wentBack = true));

/**
 * One page: its title, its heading, its content. After a navigation the heading has the focus, so
 * that a screen reader says where the customer is, and a new page begins at its top.
 */
export function Page({ title, lead, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!firstPage) {
      heading.current?.focus({ preventScroll: true });
      // Going back, the browser itself restores where the customer was.
      if (!wentBack) window.scrollTo(0, 0);
    }
    firstPage = false;
    wentBack = false;
  }, []);
  return (
    <div className="page">
      <title>{`${title} · ${SHOP}`}</title>
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {lead !== undefined && <div className="lead">{lead}</div>}
      {children}
    </div>
  );
}
