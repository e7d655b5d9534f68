"""Medians of repeated runs."""

import statistics
import subprocess
import sys
import time

REPEATS = 5


def median_seconds(work, repeats=REPEATS):
    """The median time of a callable, in seconds."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def median_pair(ours, rival, repeats=REPEATS):
    """The median times of two callables run in turn, in seconds, so that both meet the same machine."""
    times = ([], [])
    for _ in range(repeats):
        for work, seconds in zip((ours, rival), times, strict=True):
            seconds.append(median_seconds(work, 1))
    return statistics.median(times[0]), statistics.median(times[1])


def best_processor_seconds(work, repeats=REPEATS):
    """The least processor time of a callable, in seconds: what other programs do at the same time counts little."""
    times = []
    for _ in range(repeats):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def process_seconds(*arguments, repeats=REPEATS):
    """The median time of a whole Python process, in seconds."""
    return median_seconds(
        lambda: subprocess.run([sys.executable, *arguments], check=True, capture_output=True), repeats
    )


def interleaved_seconds(first, second, repeats=REPEATS):
    """The medians of two processes run in turn, so that both meet the same machine."""
    times = ([], [])
    for _ in range(repeats):
        for arguments, seconds in zip((first, second), times, strict=True):
            seconds.append(process_seconds(*arguments, repeats=1))
    return statistics.median(times[0]), statistics.median(times[1])


def line(name, ours, rival, goal, *, at_least=False):
    """One printed result; tells whether the goal was met."""
    ratio = rival / ours if at_least else ours / rival
    met = ratio >= goal if at_least else ratio <= goal
    sign = ">=" if at_least else "<="
    print(
        f"{'ok  ' if met else 'MISS'} {name}: ratio {ratio:.2f} (goal {sign} {goal}); ours {ours:.4f} s, rival {rival:.4f} s"
    )
    return met
