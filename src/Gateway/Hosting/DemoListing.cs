using System.Text;
using Gateway.Commands.Requests;
using Gateway.Configuration;
using Gateway.Policies.Authentication;

namespace Gateway.Hosting;

/// <summary>What the Development stage prints when it has started: its APIs, each with a line to paste into a shell.</summary>
internal static class DemoListing
{
    /// <summary>The shell variable that the printed lines take an AppCode from.</summary>
    public const string AppCodeVariable = "APPCODE";

    /// <summary>The listing.</summary>
    public static string Write(GatewayConfiguration configuration, IEnumerable<string> urls)
    {
        var curl = ToCall(urls);
        var rows = (from @group in configuration.Options.Groups
                    from api in @group.Value.Apis
                    where api.Value.Enabled
                    let path = ApiPath.Join(@group.Value.BasePath, api.Value.Path!)
                    select (api.Key, Methods: string.Join(',', api.Value.Methods), path, Curl: $"curl -i {Method(api.Value)}{CurlLine.Quote(curl + Example(path))}{Credentials(api.Value)}")).ToArray();

        var text = new StringBuilder($"\nServing stage {configuration.Stage ?? "any"} ({configuration.Environment}) on {string.Join(" and ", urls)}\n\n");
        foreach (var (name, methods, path, line) in rows)
        {
            text.Append("  ").Append(name.PadRight(rows.Max(static row => row.Key.Length))).Append("  ")
                .Append(methods.PadRight(rows.Max(static row => row.Methods.Length))).Append("  ")
                .Append(path.PadRight(rows.Max(static row => row.path.Length))).Append("  ")
                .Append(line).Append('\n');
        }

        return text.Append('\n').ToString();
    }

    /// <summary>The first address as a client on this machine writes it, without a trailing slash.</summary>
    public static string ToCall(IEnumerable<string> urls)
        => (urls.FirstOrDefault() ?? GatewayHost.DefaultUrl)
            .Replace("[::]", "localhost", StringComparison.Ordinal).Replace("0.0.0.0", "localhost", StringComparison.Ordinal).TrimEnd('/');

    private static string Method(ApiOptions api) => api.Methods.Contains("ANY") || api.Methods.Contains("GET") ? "" : $"-X {api.Methods[0]} ";

    /// <summary>The credentials are printed once, as a variable of this name, by <see cref="DevelopmentAppText"/>.</summary>
    private static string Credentials(ApiOptions api)
        => api is { Auth: ApiAuth.App, AppCode: not AppCodeUse.Disabled } ? $" -H \"Authorization: APPCODE ${AppCodeVariable}\"" : "";

    /// <summary>A path that matches the template.</summary>
    public static string Example(string template)
        => string.Join('/', template.Split('/').Select(static segment => segment switch
        {
            "*" => "hello",
            "[name]" => "ann",
            ['[', .. var name, ']'] => name,
            _ => segment,
        }));
}
