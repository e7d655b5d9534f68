"""Readings in a file to energy and emissions on one machine's Spark, against joins and sums written by hand."""

import os
import warnings

import carbonledger as cl
from benchmarks.bulk import AR5, KEY, REPEATS, ROWS
from benchmarks.timing import line, median_seconds

MEMORY = os.environ.get("BENCHMARK_SPARK_MEMORY", "4g")


def session():
    """A local session as `docs/howto/spark.md` starts it, on all processors."""
    from pyspark.sql import SparkSession

    named = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.driver.memory": MEMORY}
    builder = SparkSession.builder.master("local[*]").config(map={**named, "spark.sql.session.timeZone": "UTC"})
    made = builder.getOrCreate()
    made.sparkContext.setLogLevel("ERROR")
    return made


def by_spark(path, factors):
    """On local Spark, with planning and without it, against its own SQL over the same file."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # PySpark itself warns about the newest pandas
        spark = session()
        try:
            yield from _cases(spark, path, factors)
        finally:
            spark.stop()


def _cases(spark, path, factors):
    """The sums, and the lines written as files."""
    frame = spark.read.parquet(str(path))
    keys = frame.select(*KEY).distinct().toPandas()
    frame.createOrReplaceTempView("readings")
    rates = spark.createDataFrame(keys.assign(gj=1.0, tonnes=2.0)).cache()
    rates.count()
    rates.createOrReplaceTempView("rates")
    sql = """SELECT /*+ BROADCAST(rates) */ entity, activity, year(start) * 100 + month(start) AS m,
            sum(amount * gj) AS gj, sum(amount * tonnes) AS tonnes
        FROM readings JOIN rates USING (activity, unit, region, year) GROUP BY ALL"""

    def by_hand():
        return spark.sql(sql).toPandas()

    def ours():
        return cl.calculate(spark.read.parquet(str(path)), factors, gwp=AR5).view("entity", "scope", "month")

    for work in (by_hand, ours):
        work()  # Java compiles what it runs often
    rival, own = median_seconds(by_hand, REPEATS), median_seconds(ours, REPEATS)
    yield line(f"{ROWS:,} rows, {len(keys):,} keys: Spark / the SQL by hand", own, rival, 1.3)
    planning = median_seconds(lambda: cl.calculate(keys.assign(amount=1.0), factors, gwp=AR5), REPEATS)
    yield line("the same, the SQL and a calculation of its keys", own, rival + planning, 1.3)
    lines = cl.calculate(frame, factors, gwp=AR5).lines
    given = ["plan_id", "scope", "category", "energy_gj", "co2_t", "emissions_tco2e", "match", "factor_ids"]
    per_unit = cl.calculate(keys.assign(amount=1.0), factors, gwp=AR5).lines[[*KEY, *given]]
    spark.createDataFrame(per_unit).createOrReplaceTempView("coefficients")
    measured = {"energy_gj", "co2_t", "emissions_tco2e"}
    figures = ", ".join(f"amount * {name} AS {name}" if name in measured else name for name in given)
    query = f"SELECT /*+ BROADCAST(coefficients) */ readings.*, {figures} FROM readings JOIN coefficients USING ({', '.join(KEY)})"
    rival = median_seconds(lambda: spark.sql(query).write.format("noop").mode("overwrite").save(), REPEATS)
    own = median_seconds(lambda: lines.write.format("noop").mode("overwrite").save(), REPEATS)
    yield line("each row with its figures on Spark / the SQL by hand", own, rival, 1.3)
