using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Gateway.Backends;
using Gateway.Configuration;

namespace Gateway.Commands;

/// <summary>The APIs of a configuration with what is in effect for each: the verb <c>routes</c>.</summary>
internal static class ApiListing
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Number of enabled APIs.</summary>
    public static int Count(GatewayConfiguration configuration) => Rows(configuration).Count();

    /// <summary>A table for people.</summary>
    public static string WriteTable(GatewayConfiguration configuration)
    {
        string[][] rows =
        [
            ["API", "METHODS", "HOSTS", "PATH", "BACKEND", "POLICIES", "TIMEOUT"],
            .. Rows(configuration).Select(static row => new[]
            {
                row.Api, string.Join(',', row.Methods), row.Hosts.Count == 0 ? "any" : string.Join(',', row.Hosts), row.Path,
                row.Backend, string.Join(' ', row.Policies), row.Timeout ?? "-",
            }),
        ];
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var row in rows)
        {
            text.Append(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd()).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>The same for programs.</summary>
    public static string WriteJson(GatewayConfiguration configuration) => JsonSerializer.Serialize(Rows(configuration), Json) + "\n";

    private static IEnumerable<Row> Rows(GatewayConfiguration configuration)
        => from @group in configuration.Options.Groups
           from api in @group.Value.Apis
           where api.Value.Enabled
           select CreateRow($"{@group.Key}/{api.Key}", @group.Value, api.Value, configuration.Options);

    private static Row CreateRow(string id, GroupOptions group, ApiOptions api, GatewayOptions options)
    {
        var backend = options.Backends[api.Backend!];
        return new Row(
            id,
            api.Methods,
            group.Hosts,
            ApiPath.Join(group.BasePath, api.Path!),
            $"{api.Backend} ({Describe(backend)})",
            [.. Policies(api, backend, options.Limits)],
            backend is FunctionOptions function ? Format(api.Timeout ?? function.Timeout) : null);
    }

    private static string Describe(BackendOptions backend) => backend switch
    {
        MockOptions => "mock",
        FunctionOptions { Address: null, Addresses.Count: 0 } => backend is EventFunctionOptions ? "local event function" : "local web function",
        EventFunctionOptions { Invoke: InvokeProtocol.CustomRuntime } => "event function, custom runtime",
        EventFunctionOptions => "event function",
        _ => "web function",
    };

    private static IEnumerable<string> Policies(ApiOptions api, BackendOptions backend, LimitsOptions limits)
    {
        yield return $"auth={api.Auth}";
        yield return $"body<={api.MaxRequestBody ?? (backend is EventFunctionOptions ? limits.EventBody : limits.WebBody)}";
        if (api.Protocols.Distinct().Count() == 1)
        {
            yield return $"{api.Protocols[0]}-only".ToLowerInvariant();
        }

        if (api.AllowEncodedSlash)
        {
            yield return "encoded-slash";
        }
    }

    private static string Format(TimeSpan time)
        => time.Ticks % TimeSpan.TicksPerSecond == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds}s")
            : string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds}ms");

    private sealed record Row(
        string Api, IReadOnlyList<string> Methods, IReadOnlyList<string> Hosts, string Path, string Backend, IReadOnlyList<string> Policies, string? Timeout);
}
