import type { ReactNode } from "react";

type NoticeProps = { tone?: "info" | "good" | "warning" | "bad"; title?: string; children?: ReactNode };

/** A boxed message in the page. What is bad interrupts a screen reader, the rest waits its turn. */
export function Notice({ tone = "info", title, children }: NoticeProps) {
  return (
    <div className={`notice ${tone}`} role={tone === "bad" ? "alert" : "status"}>
      {title !== undefined && <p className="notice-title">{title}</p>}
      {children}
    </div>
  );
}
