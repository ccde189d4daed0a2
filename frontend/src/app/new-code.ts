const KEY = "orders.reloaded";
const PATIENCE = 60_000; // milliseconds

/**
 * A chunk could not be had. If it is one of an earlier deployment, the page anew has the new names,
 * and is loaded. False if that can't help: without a connection, or if it has just been tried.
 */
export function reloadForNewCode(): boolean {
  if (!navigator.onLine || !isFirstTry()) return false;
  window.location.reload();
  return true;
}

/** False where nothing can be kept too: the page would not know the second time from the first. */
function isFirstTry(): boolean {
  try {
    if (Date.now() - Number(sessionStorage.getItem(KEY)) < PATIENCE) return false;
    sessionStorage.setItem(KEY, String(Date.now()));
    return true;
  } catch {
    return false;
  }
}
