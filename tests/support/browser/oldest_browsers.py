"""Takes from Chromium what Safari 16.4, Chrome 109 or Firefox 115 doesn't have.

By MDN's data on compatibility. Only what scripts call can be taken away, not syntax or CSS: the
build is for these browsers, and the lint knows the language and the interfaces that they have.
"""

NEWER = {
    "globalThis": "Iterator CookieStore cookieStore DisposableStack AsyncDisposableStack navigation "
    "requestIdleCallback scheduler trustedTypes URLPattern SuppressedError",
    "AbortSignal": "any",
    "Array": "fromAsync",
    "Array.prototype": "toReversed toSorted toSpliced with",
    "ArrayBuffer.prototype": "resize transfer transferToFixedLength",
    "Blob.prototype": "bytes",
    "Document": "parseHTMLUnsafe",
    "Document.prototype": "startViewTransition",
    "Element.prototype": "checkVisibility getHTML moveBefore setHTMLUnsafe",
    "Error": "isError",
    "HTMLElement.prototype": "hidePopover showPopover togglePopover",
    "Headers.prototype": "getSetCookie",
    "Intl": "DurationFormat Segmenter",
    "Map": "groupBy",
    "Math": "f16round sumPrecise",
    "Navigator.prototype": "connection userActivation userAgentData",
    "Object": "groupBy",
    "Object.getPrototypeOf(Object.getPrototypeOf([].values()))": "drop every filter find flatMap "
    "forEach map reduce some take toArray",
    "Object.getPrototypeOf(Uint8Array).prototype": "toReversed toSorted with",
    "Promise": "try withResolvers",
    "ReadableStream": "from",
    "ReadableStream.prototype": "values",
    "RegExp": "escape",
    "Request.prototype": "bytes duplex",
    "Response": "json",
    "Response.prototype": "bytes",
    "Set.prototype": "difference intersection isDisjointFrom isSubsetOf isSupersetOf "
    "symmetricDifference union",
    "String.prototype": "isWellFormed toWellFormed",
    "URL": "canParse parse",
    "URLSearchParams.prototype": "size",
    "Uint8Array": "fromBase64 fromHex",
    "Uint8Array.prototype": "toBase64 toHex",
}
"""What lacks in at least one of them, by the object that would have it."""

_OF_ALL = "\n".join(
    f"for (const name of '{names}'.split(' ')) act({owner}, name);"
    for owner, names in NEWER.items()
)
TAKE_AWAY = f"{{ const act = (owner, name) => delete owner[name]; {_OF_ALL} }}"
"""A script that runs before those of a page."""

LEFT = f"""() => {{
  const left = [];
  const act = (owner, name) => {{ if (name in owner) left.push(name); }};
  {_OF_ALL}
  return left;
}}"""
"""A function that returns the names of what the page has nevertheless."""
