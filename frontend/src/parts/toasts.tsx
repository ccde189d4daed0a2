import { useSyncExternalStore } from "react";

const SHOWN = 4_000; // milliseconds

let toasts: { id: number; text: string }[] = [];
let count = 0;
const listeners = new Set<() => void>();

/** Says something in passing, to the eye and to a screen reader. */
export function toast(text: string): void {
  const id = ++count;
  change([...toasts, { id, text }]);
  window.setTimeout(() => change(toasts.filter((each) => each.id !== id)), SHOWN);
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
