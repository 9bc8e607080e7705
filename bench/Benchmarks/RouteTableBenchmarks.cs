using BenchmarkDotNet.Attributes;
using Gateway.Contracts;
using Gateway.Routing;

namespace Gateway.Benchmarks;

/// <summary>Finding the API of a request, by number of APIs.</summary>
[MemoryDiagnoser]
public class RouteTableBenchmarks
{
    private readonly string _host = "api.example.com:8080";
    private readonly string _literal = "/service-3/status";
    private readonly string _parameters = "/service-3/shops/7/orders/42";
    private readonly string _escaped = "/service-3/st%61tus";
    private readonly string _tail = "/service-3/files/2026/11/report.pdf";
    private readonly string _unknown = "/service-3/nowhere";
    private RouteTable _table = new([]);

    /// <summary>Number of services, each with four APIs.</summary>
    [Params(4, 1000)]
    public int Services { get; set; }

    /// <summary>Builds the table.</summary>
    [GlobalSetup]
    public void SetUp() => _table = new RouteTable(Enumerable.Range(0, Services).SelectMany(static i => new[]
    {
        CreateApi($"/service-{i}/status", "GET"),
        CreateApi($"/service-{i}/shops/[shop]/orders/[order]", "GET"),
        CreateApi($"/service-{i}/shops/[shop]/orders/[order]", "POST"),
        CreateApi($"/service-{i}/files/*", RouteTable.AnyMethod),
    }));

    /// <summary>Literals only.</summary>
    [Benchmark]
    public object? Literal() => Match(_literal);

    /// <summary>Two parameters and a choice of methods.</summary>
    [Benchmark]
    public object? Parameters() => Match(_parameters);

    /// <summary>A literal that the client escaped.</summary>
    [Benchmark]
    public object? EscapedLiteral() => Match(_escaped);

    /// <summary>The rest of the path.</summary>
    [Benchmark]
    public object? Tail() => Match(_tail);

    /// <summary>No API.</summary>
    [Benchmark]
    public object? Unknown() => Match(_unknown);

    private Api? Match(string path) => _table.Match(_host, path, "GET").Api;

    private static Api CreateApi(string path, string method) => new()
    {
        Id = $"{method} {path}",
        Labels = ApiLabels.Unmatched(stage: null),
        Hosts = ["api.example.com"],
        Path = PathTemplate.TryParse(path, out var template, out var problem) ? template! : throw new FormatException(problem),
        Methods = [method],
        AllowEncodedSlash = false,
        Policy = null!, // The matcher never looks at it.
        BackendName = "backend",
    };
}
