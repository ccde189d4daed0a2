"""Draws docs/screenshots/ anew from the running local cloud: `make up`, then
`python -m tests.support.browser.screenshots`. One small picture per page, light beside dark."""

import io
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser

from localcloud import settings
from localcloud.instance import running
from tests.support.browser.chromium import chromium
from tests.support.browser.shopper import Shopper
from tests.support.browser.states import CUSTOMERS, VISITORS
from tests.support.live_system import LiveSystem

FOLDER = Path(__file__).parents[3] / "docs" / "screenshots"
DESKTOP, PHONE = (1280, 900), (390, 844)
SHOWN = 800  # pixels that a desktop window is wide in a picture
GAP = 12
QUALITY = 70
VISITED = ["catalogue", "product", "basket", "sign_in_first", "login", "not_found"]
SIGNED_IN = [
    "checkout",
    "order_in_progress",
    "order_awaiting_approval",
    "order_refused",
    "order_confirmed",
    "orders",
]
ON_A_PHONE = ["catalogue", "product", "checkout", "order_confirmed"]
Scheme = Literal["light", "dark"]


def main() -> None:
    """Prints the size of each file it writes."""
    shop = LiveSystem(running.outputs(settings.state_dir()))
    FOLDER.mkdir(exist_ok=True)
    with chromium() as browser:
        visitor, customer = someone(browser, shop), someone(browser, shop)
        customer.email = "ada@example.com"
        customer.visit("/")
        customer.sign_in()
        phones: list[Image.Image] = []
        for name in VISITED + SIGNED_IN:
            shopper = customer if name in SIGNED_IN else visitor
            shopper.starts_over()
            (VISITORS | CUSTOMERS)[name](shopper, shop)
            pictures = [picture(shopper, scheme, DESKTOP) for scheme in ("light", "dark")]
            height = SHOWN * DESKTOP[1] // DESKTOP[0]
            save(
                name, [each.resize((SHOWN, height), Image.Resampling.LANCZOS) for each in pictures]
            )
            if name in ON_A_PHONE:
                scheme = "dark" if len(phones) % 2 else "light"
                phones.append(picture(shopper, scheme, PHONE))
        save("phone", phones)


def someone(browser: Browser, shop: LiveSystem) -> Shopper:
    return Shopper(browser.new_context(base_url=shop.outputs["storefrontUrl"], locale="en-US"))


def picture(shopper: Shopper, scheme: Scheme, size: tuple[int, int]) -> Image.Image:
    shopper.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    shopper.page.set_viewport_size({"width": size[0], "height": size[1]})
    shopper.page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    shopper.page.get_by_role("main").wait_for()
    shopper.page.wait_for_load_state("networkidle")
    return Image.open(io.BytesIO(shopper.page.screenshot()))


def save(name: str, pictures: list[Image.Image]) -> None:
    """Side by side, on nothing."""
    width = sum(each.width for each in pictures) + GAP * (len(pictures) - 1)
    sheet = Image.new("RGBA", (width, max(each.height for each in pictures)))
    left = 0
    for each in pictures:
        sheet.paste(each, (left, 0))
        left += each.width + GAP
    path = FOLDER / f"{name.replace('_', '-')}.webp"
    sheet.save(path, quality=QUALITY, method=6)
    print(f"{path.stat().st_size / 1000:5.1f} KB  {path.name}")


if __name__ == "__main__":
    main()
