"""The engines that the measures are tried on."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from pupitre.moteur.moteurs.duckdb import partagee

# Three machines that live for a minute: what saves start-up, and nothing else.
_JAVA = (
    "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote"
)
# Short queries on a few rows: writing Java for each of them would take longer than running it.
_SPARK = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.locality.wait": "0s",
    "spark.scheduler.minRegisteredResourcesRatio": "1.0",
    "spark.shuffle.compress": "false",
    "spark.broadcast.compress": "false",
    "spark.shuffle.spill.compress": "false",
    "spark.sql.files.openCostInBytes": "0",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.driver.extraJavaOptions": _JAVA,
    "spark.executor.extraJavaOptions": _JAVA,
}
# Master and partitions: with two, each executor has its share of what is grouped and sorted.
MAITRES = {"spark": ("local[1]", "1"), "grappe": ("local-cluster[2,1,1024]", "2")}
SPARKS = [pytest.param(nom, marks=pytest.mark.spark) for nom in MAITRES] if find_spec("pyspark") else []


def sur_spark(test):
    """A test that compares both Sparks with DuckDB, and so does not run on DuckDB alone."""
    return pytest.mark.spark(pytest.mark.parametrize("moteur", SPARKS, indirect=True)(test))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Each Spark is opened once: pytest groups by rank in a test's parameters, not by engine."""
    places = [i for i, item in enumerate(items) if _maitre(item) in MAITRES]
    tries = sorted((items[i] for i in places), key=lambda item: list(MAITRES).index(_maitre(item)))
    for place, item in zip(places, tries, strict=True):
        items[place] = item


def _maitre(item):
    return item.callspec.params.get("moteur") if hasattr(item, "callspec") else None


@pytest.fixture(scope="session", params=["duckdb", *SPARKS])
def moteur(request):
    """DuckDB; where pyspark is installed, also Spark in this process and Spark with two executors."""
    if request.param == "duckdb":
        yield partagee()
        return
    from pupitre.moteur.moteurs.spark import Spark

    maitre, parts = MAITRES[request.param]
    spark = Spark({**_SPARK, "spark.master": maitre, "spark.sql.shuffle.partitions": parts})
    spark.session().sparkContext.setLogLevel("ERROR")
    yield spark
    spark.fermer()
