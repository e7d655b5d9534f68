"""Run every benchmark and print its ratios: ``python -m benchmarks``."""

from benchmarks import audit_checks, library, main_job, reading, search_space, views

RESULTS = [
    met
    for benchmark in (*main_job.ALL, *reading.ALL, *library.ALL, *search_space.ALL, *views.ALL, *audit_checks.ALL)
    for met in benchmark()
]
print(f"{sum(RESULTS)} of {len(RESULTS)} goals met (medians of 5)")
