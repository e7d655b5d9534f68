"""Run every benchmark and print its ratios: ``python -m benchmarks``."""

from benchmarks import (
    audit_checks,
    bulk,
    checking,
    decomposing,
    handing_out,
    library,
    main_job,
    on_spark,
    planning,
    publications,
    published_network,
    reading,
    search_space,
    searching,
    slips,
    uncertain,
    views,
)

SETS = (
    main_job,
    reading,
    library,
    planning,
    searching,
    search_space,
    views,
    uncertain,
    checking,
    decomposing,
    audit_checks,
    handing_out,
    slips,
    published_network,
    publications,
    bulk,
    on_spark,
)
RESULTS = [met for each in SETS for benchmark in each.ALL for met in benchmark()]
print(f"{sum(RESULTS)} of {len(RESULTS)} goals met (medians of 5)")
