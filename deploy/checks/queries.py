"""The queries of dashboards and rules, and what is to be said of each answer."""
import dataclasses
import json
import re

from prometheus import QueryError

MAY_BE_EMPTY = "May be empty"

# Metrics that the demo has no occasion for; each would be wrong to appear in it.
NOT_IN_THE_DEMO = {
    "gateway_throttling_store_errors_total",  # The local store cannot fail with a handful of counters.
    "gateway_tls_certificate_expiry_seconds",  # No TLS.
}


@dataclasses.dataclass(frozen=True)
class Query:
    source: str  # Dashboard or rule file.
    name: str  # Panel, variable or rule.
    expression: str
    may_be_empty: bool = False


@dataclasses.dataclass(frozen=True)
class Result:
    query: Query
    series: int
    problem: str = ""

    @property
    def is_failure(self):
        return bool(self.problem)

    @property
    def verdict(self):
        return "FAILED" if self.problem else "ok" if self.series else "(empty)"


def collect(folder):
    """Every query below a folder deploy: panels, variables and annotations of dashboards; rules."""
    for path in sorted((folder / "grafana" / "dashboards").glob("*.json")):
        yield from of_dashboard(json.loads(path.read_text(encoding="utf-8")))
    for name in ("rules.yml", "alerts.yml"):
        yield from of_rules(name, (folder / "prometheus" / name).read_text(encoding="utf-8"))


def of_dashboard(dashboard):
    source = dashboard["uid"]
    for variable in dashboard["templating"]["list"]:
        if variable["type"] == "query":
            yield Query(source, f"${variable['name']}", variable["query"]["query"])
    for annotation in dashboard["annotations"]["list"]:
        yield Query(source, f"annotation {annotation['name']}", annotation["expr"], may_be_empty=True)
    for panel in dashboard["panels"]:
        for target in panel.get("targets", []):
            name = panel["title"] + (f" / {target['legendFormat']}" if len(panel["targets"]) > 1 and target["legendFormat"] else "")
            yield Query(source, name, target["expr"], may_be_empty=MAY_BE_EMPTY in panel["description"])


def of_rules(source, text):
    """The rules of a file, read without a YAML library: an expression is one line, or a block that is indented below its key."""
    lines = text.splitlines()
    for index, line in enumerate(lines):
        head = re.match(r"\s*- (record|alert): (\S+)", line)
        if not head:
            continue
        while not (found := re.match(r"(\s*)expr: (.*)", lines[index])):
            index += 1
        indent, expression = len(found[1]), found[2]
        if expression == "|":
            block = []
            for following in lines[index + 1:]:
                if following.strip() and len(following) - len(following.lstrip()) <= indent:
                    break
                block.append(following.strip())
            expression = " ".join(block).strip()
        # An alert that finds nothing does not fire; a record that says so is 1 or not there.
        yield Query(source, head[2], expression, may_be_empty=head[1] == "alert" or head[2] == "instance:gateway_config:refused")


def metrics_of(expression):
    """Names of the metrics in an expression, but for those that recording rules make."""
    bare = re.sub(r'"[^"]*"', "", expression)
    bare = re.sub(r"\{[^}]*\}|\b(by|on|without|ignoring|group_left|group_right)\s*\([^)]*\)|\[[^\]]*\]", " ", bare)
    return {name for name in re.findall(r"[A-Za-z_:][A-Za-z0-9_:]*", bare) if re.match(r"(gateway|http|kestrel|dotnet)_[^:]+$", name)}


class Check:
    """Asks a server as Grafana would, with every variable at All."""

    def __init__(self, server, window):
        self._server = server
        self._window = window

    def expand(self, expression):
        """Replaces Grafana's macros and variables."""
        expression = expression.replace("$__rate_interval", self._window).replace("$__interval", self._window).replace("$__range", self._window)
        expression = re.sub(r"\$(stage|group|api|backend)\b", ".*", expression)
        if "$" in expression:
            raise QueryError(f"a macro or variable that this check does not know: {expression[expression.index('$'):][:20]}")
        return expression

    def run(self, query):
        try:
            expression = self.expand(query.expression)
            if variable := re.fullmatch(r"label_values\((.+), (\w+)\)", expression):
                series = len(self._server.label_values(variable[2], variable[1]))
            else:
                series = sum(1 for found in self._server.instant(expression) if not is_nothing(found))
                # Nothing found may be right; a metric that does not exist is not.
                for metric in sorted(metrics_of(expression) - NOT_IN_THE_DEMO) if series == 0 and query.may_be_empty else ():
                    if not self._server.instant(f"count({{__name__='{metric}'}})"):
                        return Result(query, 0, f"no metric {metric}")
        except QueryError as problem:
            return Result(query, 0, str(problem))
        if series == 0 and not query.may_be_empty:
            return Result(query, 0, "empty")
        return Result(query, series)


def is_nothing(found):
    """A share or a quantile of no events is no number: Grafana draws nothing then."""
    return isinstance(found, dict) and found["value"][1] == "NaN"
