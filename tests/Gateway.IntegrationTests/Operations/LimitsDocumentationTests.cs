using System.Globalization;
using System.Text.RegularExpressions;
using Gateway.Contracts;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Gateway.IntegrationTests.Operations;

/// <summary>The table of limits in docs/operations.md says what a running server holds.</summary>
public partial class LimitsDocumentationTests
{
    private const string OneApi = """
        {
          "Backends": { "m": { "Type": "Mock", "StatusCode": 200 } },
          "Groups": { "g": { "Apis": { "a": { "Path": "/*", "Backend": "m", "Auth": "None" } } } }
        }
        """;

    [Fact]
    public async Task Defaults_Documented_AreTheRunningServers()
    {
        await using var gateway = await RunningGateway.StartSectionAsync(OneApi);
        var limits = gateway.Get<IOptions<KestrelServerOptions>>().Value.Limits;
        var rows = Row.Matches(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "operations.md"), TestContext.Current.CancellationToken));

        Assert.True(rows.Count >= 15, "The table of limits has gone.");
        Assert.All(rows, row => Assert.Equal((row.Groups["key"].Value, row.Groups["value"].Value), (row.Groups["key"].Value, Show(limits, row.Groups["key"].Value))));
    }

    [Fact]
    public async Task Limits_OfTheSectionKestrel_WinOverOurs()
    {
        await using var gateway = await RunningGateway.StartSectionAsync(
            OneApi,
            extra: """
                "Kestrel": {
                  "Endpoints": { "a": { "Url": "http://127.0.0.1:0" } },
                  "Limits": { "MaxConcurrentConnections": 7, "KeepAliveTimeout": "00:00:09", "Http2": { "MaxStreamsPerConnection": 11 }, "MinRequestBodyDataRate": { "BytesPerSecond": 100, "GracePeriod": "00:00:03" } }
                }
                """);
        var limits = gateway.Get<IOptions<KestrelServerOptions>>().Value.Limits;

        Assert.Equal((7L, 9.0, 11), (limits.MaxConcurrentConnections, limits.KeepAliveTimeout.TotalSeconds, limits.Http2.MaxStreamsPerConnection));
        Assert.Equal((100.0, 3.0), (limits.MinRequestBodyDataRate!.BytesPerSecond, limits.MinRequestBodyDataRate.GracePeriod.TotalSeconds));
    }

    private static string Show(object limits, string key)
    {
        object? value = limits;
        foreach (var name in key.Split(':'))
        {
            value = value!.GetType().GetProperty(name)!.GetValue(value);
        }

        return value switch
        {
            null => "none",
            TimeSpan duration => Duration.Format(duration),
            MinDataRate rate => string.Create(CultureInfo.InvariantCulture, $"{rate.BytesPerSecond} B/s after {Duration.Format(rate.GracePeriod)}"),
            int or long when key.EndsWith("Size", StringComparison.Ordinal) => new ByteSize(Convert.ToInt64(value, CultureInfo.InvariantCulture)).ToString(),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };
    }

    [GeneratedRegex(@"^\| `Kestrel:Limits:(?<key>[A-Za-z0-9:]+)` \| (?<value>[^|]+?) \|", RegexOptions.Multiline)]
    private static partial Regex Row { get; }
}
