using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Configuration;
using Gateway.Contracts;

namespace Gateway.Commands.Routes;

/// <summary>The APIs of a configuration with what is in effect for each: the verb <c>routes</c>.</summary>
internal static class ApiListing
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(), new DurationConverter() },
    };

    /// <summary>Number of enabled APIs.</summary>
    public static int Count(GatewayConfiguration configuration) => ListedApi.All(configuration).Count();

    /// <summary>For people: a row for each API, and below it a line for each policy that holds.</summary>
    public static string WriteTable(GatewayConfiguration configuration)
    {
        var apis = ListedApi.All(configuration).ToList();
        string[][] rows = [["API", "METHODS", "HOSTS", "PATH", "BACKEND", "AUTH", "BODY", "TIMEOUT"], .. apis.Select(Cells)];
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder();
        for (var i = 0; i < rows.Length; i++)
        {
            text.Append(string.Join("  ", rows[i].Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd()).Append('\n');
            if (i > 0)
            {
                AppendPolicies(text, apis[i - 1]);
            }
        }

        return text.ToString();
    }

    /// <summary>The same for programs.</summary>
    public static string WriteJson(GatewayConfiguration configuration) => JsonSerializer.Serialize(ListedApi.All(configuration), Json) + "\n";

    private static string[] Cells(ListedApi api) =>
    [
        api.Api, string.Join(',', api.Methods), api.Hosts.Count == 0 ? "any" : string.Join(',', api.Hosts), api.Path,
        $"{api.Backend.Name} ({api.Backend.Kind})", api.Auth, api.MaxRequestBody, PolicyText.Timeouts(api.Timeouts),
    ];

    private static void AppendPolicies(StringBuilder text, ListedApi api)
    {
        foreach (var (label, line) in PolicyText.Lines(api))
        {
            text.Append("    ").Append(label.PadRight(PolicyText.LongestLabel)).Append("  ").Append(line).Append('\n');
        }
    }

    /// <summary>Times as configuration writes them.</summary>
    private sealed class DurationConverter : JsonConverter<TimeSpan>
    {
        public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
            => throw new NotSupportedException("The listing is only written.");

        public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options)
            => writer.WriteStringValue(Duration.Format(value));
    }
}
