import { SHOP } from "../shop";

export function Footer() {
  return (
    <footer className="footer">
      <p>{SHOP} keeps your basket in this browser and nothing else. No trackers, no cookies.</p>
    </footer>
  );
}
