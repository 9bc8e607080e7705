using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Gateway.Tests.Deploy;

/// <summary>The form of dashboards and rules. Whether their queries find anything is the business of deploy/check-dashboards.</summary>
public partial class DashboardTests
{
    private static readonly JsonObject[] Dashboards =
        [.. Directory.GetFiles(DeployFiles.PathOf("deploy/grafana/dashboards"), "*.json").Order(StringComparer.Ordinal).Select(DeployFiles.ReadJson)];

    [Fact]
    public void Dashboards_Committed_AreFourWithIdsOfTheirOwn()
    {
        Assert.Equal(["gateway-api", "gateway-backends", "gateway-functions", "gateway-overview"], Dashboards.Select(static dashboard => (string)dashboard["uid"]!));
        Assert.All(Dashboards, static dashboard => Assert.Distinct(Panels(dashboard).Select(static panel => (int)panel["id"]!)));
    }

    [Fact]
    public void Dashboards_Variables_AreASourceAndTheStage()
        => Assert.All(Dashboards, static dashboard =>
        {
            var names = dashboard["templating"]!["list"]!.AsArray().Select(static variable => (string)variable!["name"]!).ToArray();
            Assert.Equal(["datasource", "stage"], names[..2]);
            Assert.All(VariableUse().Matches(dashboard.ToJsonString()).Select(static match => match.Groups[1].Value), name => Assert.Contains(name, names));
        });

    [Fact]
    public void Panels_Drawn_HaveUnitTitleAndASourceByVariable()
        => Assert.All(Dashboards.SelectMany(Panels).Where(static panel => (string)panel["type"]! != "row"), static panel =>
        {
            Assert.NotEmpty((string)panel["title"]!);
            Assert.NotEmpty((string)panel["fieldConfig"]!["defaults"]!["unit"]!);
            Assert.Equal("${datasource}", (string)panel["datasource"]!["uid"]!);
            Assert.NotEmpty(panel["targets"]!.AsArray());
            Assert.All(panel["targets"]!.AsArray(), static target => Assert.Contains("gateway_stage=~\"$stage\"", (string)target!["expr"]!, StringComparison.Ordinal));
        });

    [Fact]
    public void Panels_Placed_DoNotOverlap()
        => Assert.All(Dashboards, static dashboard =>
        {
            var cells = Panels(dashboard).Select(static panel => panel["gridPos"]!).SelectMany(static grid =>
                from x in Enumerable.Range((int)grid["x"]!, (int)grid["w"]!)
                from y in Enumerable.Range((int)grid["y"]!, (int)grid["h"]!)
                select (x, y)).ToArray();
            Assert.Distinct(cells);
            Assert.All(cells, static cell => Assert.InRange(cell.x, 0, 23));
        });

    [Fact]
    public void Dashboards_Committed_AreWhatTheGeneratorWrites()
        => Run(DeployFiles.PathOf("deploy/grafana/generate"), ["--check"], "python3", "python3");

    [Fact]
    public void Alerts_All_AreTestedFiringAndNotFiring()
    {
        var alerts = DeployFiles.ReadYaml("deploy/prometheus/alerts.yml").List("groups").SelectMany(static group => group.List("rules")).ToArray();
        var tests = DeployFiles.ReadYaml("deploy/prometheus/alerts.test.yml").List("tests").SelectMany(static test => test.List("alert_rule_test")).ToArray();

        Assert.All(alerts, alert =>
        {
            Assert.Contains(alert.Text("labels", "severity"), (string[])["page", "ticket"]);
            Assert.NotEmpty(alert.Text("annotations", "summary"));
            Assert.NotEmpty(alert.Text("annotations", "description"));
            Assert.Contains(tests, test => test.Text("alertname") == alert.Text("alert") && test.List("exp_alerts").Count > 0);
        });
    }

    [Fact]
    public void Alerts_UnderTheirTests_BehaveAsWritten()
        => Run("promtool", ["test", "rules", DeployFiles.PathOf("deploy/prometheus/alerts.test.yml")], "promtool", "prometheus");

    private static IEnumerable<JsonNode> Panels(JsonObject dashboard) => dashboard["panels"]!.AsArray()!;

    /// <summary>Runs a program that must end well; skips where it, or what it needs, is not there.</summary>
    private static void Run(string program, string[] arguments, string needed, string package)
    {
        if (!Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, needed))))
        {
            Assert.Skip($"Needs {needed}: apt-get install {package}");
        }

        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output + error.Result);
    }

    [GeneratedRegex(@"\$(?:\{)?(stage|group|api|backend|datasource)\b")]
    private static partial Regex VariableUse();
}
