/** The shop's name, as customers see it. */
export const SHOP = "Fieldhouse";
