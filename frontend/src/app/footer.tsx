import { CONTACT, SHOP } from "../shop";

export function Footer() {
  return (
    <footer className="footer">
      <p>
        {SHOP} keeps your basket, your sign-in and an order that is on its way in this browser, and
        does not track you.
      </p>
      <p>
        Questions? Write to <a href={`mailto:${CONTACT}`}>{CONTACT}</a>.
      </p>
    </footer>
  );
}
