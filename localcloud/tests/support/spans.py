"""How calls overlapped that say when they ran."""


def most_at_once(spans: list[list[float]]) -> int:
    """The most that ran at the same time; each is a start and an end, in seconds."""
    edges = sorted([(start, 1) for start, _ in spans] + [(end, -1) for _, end in spans])
    running, most = 0, 0
    for _, step in edges:
        running += step
        most = max(most, running)
    return most
