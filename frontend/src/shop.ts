import { contact, name } from "../../handlers/domain/shop.json";

/** The shop's name and its e-mail address, as mails and receipts have them too. */
export const SHOP = name;
export const CONTACT = contact;
