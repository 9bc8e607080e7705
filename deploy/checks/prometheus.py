"""What the checks ask of a Prometheus server."""
import json
import urllib.error
import urllib.parse
import urllib.request


class QueryError(Exception):
    """The server refused a query; the text says why."""


class Prometheus:
    """A running server, by its base address."""

    def __init__(self, address):
        self._address = address.rstrip("/")

    def instant(self, expression):
        """The series of a query now: a list of label sets with their values."""
        result = self._get("query", {"query": expression})["result"]
        return result if isinstance(result, list) else [result]

    def over(self, expression, start, end, step):
        """The series of a query over time; times are Unix seconds."""
        return self._get("query_range", {"query": expression, "start": start, "end": end, "step": step})["result"]

    def label_values(self, label, selector):
        """Values of a label among the series of a selector, as a dashboard's variable asks."""
        return self._get(f"label/{label}/values", {"match[]": selector})

    def target_health(self):
        """Health of each scraped target: up, down or unknown."""
        return [target["health"] for target in self._get("targets", {})["activeTargets"]]

    def rules(self):
        """All rules that are loaded, with the health of their evaluation."""
        return [rule for group in self._get("rules", {})["groups"] for rule in group["rules"]]

    def _get(self, path, parameters):
        url = f"{self._address}/api/v1/{path}?{urllib.parse.urlencode(parameters)}"
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as problem:
            raise QueryError(json.load(problem).get("error", problem.reason)) from None
