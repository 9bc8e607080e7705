using System.Text;
using Gateway.Commands.Requests;
using Gateway.Configuration;
using Gateway.Policies.Authentication;

namespace Gateway.Hosting;

/// <summary>What the Development stage prints of an app whose credentials it has made: the one time that secrets are shown.</summary>
internal static class DevelopmentAppText
{
    /// <summary>The credentials, and a line to paste for each way to use them.</summary>
    /// <param name="name">Name of the app.</param>
    /// <param name="app">Its credentials.</param>
    /// <param name="configuration">The configuration, for APIs that it may call.</param>
    /// <param name="address">Address of the gateway, without a trailing slash.</param>
    public static string Write(string name, AppOptions app, GatewayConfiguration configuration, string address)
    {
        var text = new StringBuilder("App ").Append(name).Append(", with credentials made for this run (set its AppKey, AppSecret and AppCodes to keep them):\n\n")
            .Append("  AppKey     ").Append(app.AppKey).Append('\n')
            .Append("  AppSecret  ").Append(app.AppSecret).Append('\n')
            .Append("  AppCode    ").Append(app.AppCodes[0]).Append("\n\n");
        text.Append("Set this for the lines above, or paste one of the lines below:\n\n  ").Append(DemoListing.AppCodeVariable).Append('=').Append(app.AppCodes[0]).Append('\n');
        if (FindUrl(configuration, name, address, static api => api.AppCode != AppCodeUse.Disabled) is { } open)
        {
            text.Append("  curl -i ").Append(open).Append(" -H 'Authorization: APPCODE ").Append(app.AppCodes[0]).Append("'\n");
        }

        // The last one: mostly a path of some length, whose signature shows more.
        if (FindUrl(configuration, name, address, static api => api.SignatureMethods.Contains(SignatureMethod.HmacSHA256), isLast: true) is { } signed)
        {
            text.Append("  dotnet run -v q --project src/Gateway -- sign --key ").Append(app.AppKey).Append(" --secret ").Append(app.AppSecret)
                .Append(" --curl ").Append(signed).Append(" | sh\n");
        }

        return text.Append('\n').ToString();
    }

    /// <summary>The URL of an API that the app may call with GET.</summary>
    private static string? FindUrl(GatewayConfiguration configuration, string app, string address, Func<ApiOptions, bool> takes, bool isLast = false)
    {
        var paths = (from @group in configuration.Options.Groups.Values
                     where @group.Hosts.Count == 0
                     from api in @group.Apis.Values
                     where api is { Enabled: true, Auth: ApiAuth.App } && takes(api)
                     where api.Methods.Contains("GET") || api.Methods.Contains("ANY")
                     where api.Apps.TryGetValue(app, out var grant) && grant.Enabled
                     select DemoListing.Example(ApiPath.Join(@group.BasePath, api.Path!))).ToArray();
        return paths.Length == 0 ? null : CurlLine.Quote(address + (isLast ? paths[^1] : paths[0]));
    }
}
