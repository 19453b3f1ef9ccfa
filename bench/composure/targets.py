"""What is asked of a service that keeps its composure."""

# figure: (the least or the most it may be, whether that is the most, unit)
WOBBLE = {"probe p99": (5.0, True, "ms"), "probe max": (25.0, True, "ms"), "probes lost": (0, True, ""),
          "light p99": (5.0, True, "ms"), "light ratio": (0.6, False, "")}
READERS_MB = {"eager": 200.0, "slow": 350.0}
OVERLOAD = {"accepted p99, times normal": (2.0, True, "x"), "refused p99": (20.0, True, "ms"),
            "goodput, share of capacity": (0.9, False, ""), "recovery": (2.0, True, "s")}
SLOW_CLIENTS = {"still open": (0, True, ""), "normal p99, times alone": (1.5, True, "x"), "normal missed": (0, True, "")}
LIVENESS_SHARE = 0.9


def meets(value: float | None, target: tuple[float, bool, str]) -> bool:
    """None is what was not seen: nothing was refused, or it did not recover."""
    bound, is_most, _ = target
    if value is None:
        return False
    return value <= bound if is_most else value >= bound
