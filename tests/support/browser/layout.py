"""Looks at where things are on a page: what is cut off, covered, or moves."""

from playwright.sync_api import Page, Route

NARROWEST = 320  # CSS pixels, also what is left of 640 at a zoom of 200 %: WCAG 2.2, 1.4.10
_FAULTS = """() => {
  const root = document.documentElement;
  const found = [];
  const say = (what, element) => found.push(`${what}: ${element.outerHTML.slice(0, 120)}`);
  const isSeen = (element) =>
    element.checkVisibility({ visibilityProperty: true }) &&
    !element.closest('.visually-hidden, .skip-link, option');
  const boxes = (element) => element.getBoundingClientRect();
  const isIn = (inner, outer) =>
    inner.left >= outer.left - 1 && inner.right <= outer.right + 1 &&
    inner.top >= outer.top - 1 && inner.bottom <= outer.bottom + 1;
  if (root.scrollWidth > root.clientWidth) found.push(`wider than the window: ${root.scrollWidth}`);
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode;
    const element = text.parentElement;
    if (!text.data.trim() || !isSeen(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    const box = boxes(range);
    if (box.left < -1 || box.right > root.clientWidth + 1) say('outside the window', element);
    const frame = element.closest('button, .button, .badge, .notice, .card, .product-card, .toast');
    if (frame && !isIn(box, boxes(frame))) say('outside its frame', element);
  }
  const controls = [...document.querySelectorAll('a, button, input')].filter(isSeen);
  controls.forEach((one, index) => {
    const here = boxes(one);
    const frame = one.closest('.card, .notice, .product-card');
    if (frame && !isIn(here, boxes(frame))) say('outside its frame', one);
    for (const other of controls.slice(index + 1)) {
      const there = boxes(other);
      const isCovered =
        Math.min(here.right, there.right) - Math.max(here.left, there.left) > 1 &&
        Math.min(here.bottom, there.bottom) - Math.max(here.top, there.top) > 1;
      if (isCovered && !one.contains(other)) say('covers another control', other);
    }
  });
  return found;
}"""

_WATCH = """
  window.shifted = 0;
  new PerformanceObserver((list) => {
    for (const each of list.getEntries()) if (!each.hadRecentInput) window.shifted += each.value;
  }).observe({ type: 'layout-shift', buffered: true });
"""


def faults(page: Page) -> list[str]:
    """What is cut off, sticks out or is covered."""
    return page.evaluate(_FAULTS)


def set_text_size(page: Page, percent: int) -> None:
    """The browser's own setting, which media queries in rem follow too."""
    sizes = {"standard": 16 * percent // 100, "fixed": 13 * percent // 100}
    page.context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": sizes})


class Held:
    """Requests to the address wait until they are released."""

    def __init__(self, page: Page, url: str):
        self._waiting: list[Route] = []
        self._released = False
        page.route(url, self._on_route)

    def release(self) -> None:
        """Those that wait, and all that follow, go through."""
        self._released = True
        for route in self._waiting:
            route.continue_()

    def _on_route(self, route: Route) -> None:
        if self._released:
            route.continue_()
        else:
            self._waiting.append(route)


def watch_shifts(page: Page) -> None:
    """From the next page load on."""
    page.add_init_script(_WATCH)


def shifted(page: Page) -> float:
    """The layout shift score of the page so far (https://web.dev/articles/cls), once it is calm."""
    page.wait_for_timeout(300)
    return page.evaluate("window.shifted")
