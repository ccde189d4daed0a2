import { useSyncExternalStore } from "react";

const MOST = 3;
// Milliseconds: to notice it, and to read it.
const NOTICE = 2_000;
const PER_LETTER = 75;

let toasts: { id: number; text: string }[] = [];
let count = 0;
const listeners = new Set<() => void>();

/** Says something in passing, to the eye and to a screen reader; what is there already, once. */
export function toast(text: string): void {
  const id = ++count;
  const others = toasts.filter((each) => each.text !== text);
  change([...others, { id, text }].slice(-MOST));
  const shown = NOTICE + PER_LETTER * text.length;
  window.setTimeout(() => change(toasts.filter((each) => each.id !== id)), shown);
}

export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts);
  return (
    <div role="status" className="toasts">
      {shown.map(({ id, text }) => (
        <p key={id} className="toast">
          {text}
        </p>
      ))}
    </div>
  );
}

function change(next: typeof toasts): void {
  toasts = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
