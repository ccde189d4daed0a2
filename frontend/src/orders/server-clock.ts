import { api } from "../api/client";

// How far the server's clock is ahead of this page's own count of milliseconds, at least. What the
// browser's clock shows has no say: it may be hours wrong.
let ahead = -Infinity;

api.use({
  onResponse({ response }) {
    hear(response.headers.get("Date") ?? "");
  },
});

/** Milliseconds since a moment that has passed and that the server told, by the server's clock. */
export function since(moment: string): number {
  // Without a better hint it counts from the newest moment that this page was told.
  hear(moment);
  return performance.now() + ahead - Date.parse(moment);
}

/** Milliseconds until a moment to come, by the server's clock, or a few more. */
export function until(moment: string): number {
  return Date.parse(moment) - performance.now() - ahead;
}

function hear(time: string): void {
  const told = Date.parse(time) - performance.now();
  if (told > ahead) ahead = told;
}
