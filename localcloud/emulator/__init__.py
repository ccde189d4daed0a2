"""The emulated AWS of the local cloud: MiniStack, pinned and patched as little as possible, on 127.0.0.1."""
