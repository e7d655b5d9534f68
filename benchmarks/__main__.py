"""Run every benchmark and print its ratios: ``python -m benchmarks``."""

from benchmarks import audit_checks, checking, library, main_job, reading, search_space, slips, views

RESULTS = [
    met
    for benchmark in (
        *main_job.ALL,
        *reading.ALL,
        *library.ALL,
        *search_space.ALL,
        *views.ALL,
        *checking.ALL,
        *audit_checks.ALL,
        *slips.ALL,
    )
    for met in benchmark()
]
print(f"{sum(RESULTS)} of {len(RESULTS)} goals met (medians of 5)")
