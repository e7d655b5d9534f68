"""Books of constructed readings for the tests of monitoring."""

from datetime import datetime, timedelta

import pandas as pd

SETTINGS = """
[company]
name_en = "Constructed"
name_zh = "虚构"
reporting_year = 2025
region = "CN-SD"

[factors]
gwp = "ipcc-ar5@2013"
emissions = ["cn-mee-nbs-grid@2023"]
energy = ["cn-energy-yearbook@2021"]

[files]
entries = []

[[readings]]
files = ["meters/*.parquet"]
unit = "kWh"
step = "1 hour"
"""


def hourly(kwh, begin="2025-03-03", activity="electricity.grid", source="main", site="hall"):
    """Readings by the hour from the midnight of a Monday on."""
    first = datetime.fromisoformat(begin)
    starts = [first + timedelta(hours=number) for number in range(len(kwh))]
    return pd.DataFrame({"site": site, "source": source, "activity": activity, "start": starts, "amount": list(kwh)})


def monitored_book(folder, *frames, settings="", files="entries = []"):
    """A book of some readings, a file for each frame."""
    (folder / "meters").mkdir(parents=True, exist_ok=True)
    ends = any("end" in frame for frame in frames)
    stated = SETTINGS.replace('step = "1 hour"\n', "") if ends else SETTINGS
    text = stated.replace("[files]\nentries = []", f"[files]\n{files}" if files != "entries = []" else "")
    (folder / "book.toml").write_text(text + settings, encoding="utf-8")
    for number, frame in enumerate(frames):
        frame.to_parquet(folder / "meters" / f"{number}.parquet", index=False)
    return folder
