/**
 * Lighthouse over the storefront's pages: `node measure.mjs`, with this on standard input:
 *   { browser, origin, email, runs, product }
 * Prints a JSON list of { page, form, scores: {category: median}, metrics: {name: median} }, milliseconds and bytes.
 * Lighthouse: https://github.com/GoogleChrome/lighthouse/blob/main/docs/readme.md#using-programmatically
 */
import { text } from "node:stream/consumers";

import lighthouse, { desktopConfig } from "lighthouse";
import puppeteer from "puppeteer-core";

const FLAGS =
  "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync";
const METRICS = [
  "first-contentful-paint",
  "largest-contentful-paint",
  "total-blocking-time",
  "cumulative-layout-shift",
  "total-byte-weight",
];
const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"];
// A start that Chromium did not record happens now and then, and says nothing of the page.
const TRIES = 3;

const { browser: executablePath, origin, email, runs, product } = JSON.parse(await text(process.stdin));
const browser = await puppeteer.launch({ executablePath, args: FLAGS.split(" ") });
try {
  const page = await browser.newPage();
  const results = [];
  for (const path of ["/", `/products/${product}`, "/basket", "/nothing-here"]) results.push(...(await measure(page, path)));
  await signIn(page);
  results.push(...(await measure(page, "/checkout")));
  const order = await placeOrder(page);
  for (const path of [order, "/orders"]) results.push(...(await measure(page, path)));
  console.log(JSON.stringify(results));
} finally {
  await browser.close();
}

/** The page in both forms, each the median of all runs. */
async function measure(page, path) {
  const results = [];
  for (const form of ["mobile", "desktop"]) {
    const reports = [];
    for (let run = 0; run < runs; run += 1) reports.push(await report(page, path, form));
    const scores = medians(CATEGORIES, reports, (lhr, name) => Math.round(lhr.categories[name].score * 100));
    const metrics = medians(METRICS, reports, (lhr, name) => lhr.audits[name].numericValue);
    const faults = new Set(reports.flatMap(failedAudits));
    results.push({ page: path.replace(/[A-Z2-7]{26}/, "{orderId}"), form, scores, metrics, faults: [...faults] });
    console.error(`  ${form} ${path}: ${Object.values(scores).join(" ")}`);
  }
  return results;
}

async function report(page, path, form) {
  const config = form === "desktop" ? desktopConfig : undefined;
  // The basket and the session stay: a page is measured as a customer has it, who comes for the first time.
  const flags = { onlyCategories: CATEGORIES, disableStorageReset: true, logLevel: "silent" };
  const devtools = await page.createCDPSession();
  for (let tries = 1; ; tries += 1) {
    await devtools.send("Network.clearBrowserCache");
    const { lhr } = await lighthouse(`${origin}${path}`, flags, config, page);
    if (!lhr.runtimeError && lhr.categories.performance.score !== null) return lhr;
    if (tries === TRIES) throw new Error(`${path}: ${lhr.runtimeError?.message ?? "no score"}`);
  }
}

function failedAudits(lhr) {
  return CATEGORIES.filter((name) => name !== "performance").flatMap((name) =>
    lhr.categories[name].auditRefs
      .filter(({ id, weight }) => weight > 0 && lhr.audits[id].score !== null && lhr.audits[id].score < 1)
      .map(({ id }) => id),
  );
}

function medians(names, reports, read) {
  return Object.fromEntries(
    names.map((name) => {
      const values = reports.map((lhr) => read(lhr, name)).sort((one, other) => one - other);
      return [name, values[Math.floor(values.length / 2)]];
    }),
  );
}

async function signIn(page) {
  await page.goto(`${origin}/products/${product}`);
  await page.locator(".buy .primary").click();
  await page.locator("header button").click();
  await page.locator("input[type=email]").fill(email);
  await page.locator("button[type=submit]").click();
  await page.locator("::-p-text(Sign out)").wait();
}

/** The path of the tracking page. */
async function placeOrder(page) {
  await page.goto(`${origin}/checkout`);
  await page.locator("button[type=submit]").click();
  await page.locator("::-p-text(Order confirmed)").setTimeout(30_000).wait();
  return new URL(page.url()).pathname;
}
