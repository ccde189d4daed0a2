const KEY = "orders.reloaded";
const PATIENCE = 60_000; // milliseconds

/**
 * A chunk could not be had. If it is one of an earlier deployment, the page anew has the new names,
 * and is loaded. False if that can't help: without a connection, or if it has just been tried.
 */
export function reloadForNewCode(): boolean {
  const tried = Number(sessionStorage.getItem(KEY));
  if (!navigator.onLine || Date.now() - tried < PATIENCE) return false;
  sessionStorage.setItem(KEY, String(Date.now()));
  window.location.reload();
  return true;
}
