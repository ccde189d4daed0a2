import * as v from "valibot";

/**
 * A value kept in localStorage, shared by all tabs, or in another storage. What was stored by
 * something else, or by an older version, reads as absent. Where storage is refused the value lives
 * as long as the page.
 */
export class Stored<T> {
  readonly #key: string;
  readonly #schema: v.GenericSchema<unknown, T>;
  readonly #storage: () => Storage;
  #text: string | null = null;
  #isKept = true;
  #value: T | null = null;
  readonly #listeners = new Set<() => void>();

  /** `storage` is asked each time: a browser that blocks site data throws on the very name of it. */
  constructor(key: string, schema: v.GenericSchema<unknown, T>, storage = () => localStorage) {
    this.#key = key;
    this.#schema = schema;
    this.#storage = storage;
    window.addEventListener("storage", (event) => {
      if (event.key === this.#key || event.key === null) this.#tell();
    });
  }

  /** The same object as before while nothing has changed, as useSyncExternalStore wants it. */
  get = (): T | null => {
    const text = this.#read();
    if (text !== this.#text) {
      this.#text = text;
      this.#value = this.#parse(text);
    }
    return this.#value;
  };

  set(value: T | null): void {
    const text = value === null ? null : JSON.stringify(value);
    try {
      if (text === null) this.#storage().removeItem(this.#key);
      else this.#storage().setItem(this.#key, text);
      this.#isKept = true;
    } catch {
      // Full or forbidden: what is stored there now, if anything, is older than this.
      this.#isKept = false;
    }
    this.#text = text;
    this.#value = value;
    this.#tell();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  #read(): string | null {
    if (!this.#isKept) return this.#text;
    try {
      return this.#storage().getItem(this.#key);
    } catch {
      return this.#text;
    }
  }

  #parse(text: string | null): T | null {
    if (text === null) return null;
    try {
      const result = v.safeParse(this.#schema, JSON.parse(text));
      return result.success ? result.output : null;
    } catch {
      return null;
    }
  }
}
