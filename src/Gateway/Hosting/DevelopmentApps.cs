using System.Globalization;
using System.Security.Cryptography;
using Gateway.Configuration;
using Gateway.Policies.Authentication;

namespace Gateway.Hosting;

/// <summary>Credentials for apps that have none, in the Development stage only. Made once per process and name, so that they survive reloads.</summary>
/// <remarks>Not thread safe: the start and then the reloader use it, one at a time.</remarks>
internal sealed class DevelopmentApps
{
    private readonly Dictionary<string, AppOptions> _made = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _announced = new(StringComparer.OrdinalIgnoreCase);
    private TextWriter? _output;
    private string _address = "";

    /// <summary>Whether an app is one that gets credentials: enabled, and without any of its own.</summary>
    public static bool IsIncomplete(AppOptions app)
        => app is { Enabled: true, AppKey: null, AppSecret: null, PreviousAppSecret: null, AppCodes.Count: 0 };

    /// <summary>Gives credentials to the apps that have none; a configuration of any other stage stays as it is.</summary>
    public GatewayConfiguration Complete(GatewayConfiguration configuration)
    {
        var options = configuration.Options;
        if (!configuration.IsDevelopment || !options.Apps.Values.Any(IsIncomplete))
        {
            return configuration;
        }

        var apps = new Dictionary<string, AppOptions>(options.Apps, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, app) in options.Apps.Where(static app => IsIncomplete(app.Value)))
        {
            if (!_made.TryGetValue(name, out var made))
            {
                _made[name] = made = Make(apps.Values);
            }

            apps[name] = app with { AppKey = made.AppKey, AppSecret = made.AppSecret, AppCodes = made.AppCodes };
        }

        return configuration with { Options = options with { Apps = apps } };
    }

    /// <summary>Prints the credentials made so far, and from now on those that <see cref="Announce"/> finds new.</summary>
    /// <param name="configuration">The configuration that is served, as it was read.</param>
    /// <param name="address">Address of the gateway, for the lines to paste.</param>
    /// <param name="output">Where they go; never the log, which others keep.</param>
    public void AnnounceTo(GatewayConfiguration configuration, string address, TextWriter output)
    {
        (_address, _output) = (address, output);
        Announce(configuration);
    }

    /// <summary>Prints the credentials that have not been printed, once each.</summary>
    public void Announce(GatewayConfiguration configuration)
    {
        foreach (var (name, made) in _made)
        {
            if (_output is not null && configuration.Options.Apps.TryGetValue(name, out var app) && IsIncomplete(app) && _announced.Add(name))
            {
                _output.Write(DevelopmentAppText.Write(name, made, configuration, _address));
            }
        }
    }

    private static AppOptions Make(IEnumerable<AppOptions> others)
    {
        string key;
        do
        {
            key = RandomNumberGenerator.GetInt32(100_000_000, 1_000_000_000).ToString(CultureInfo.InvariantCulture);
        }
        while (others.Any(app => app.AppKey == key));
        return new AppOptions { AppKey = key, AppSecret = NewSecret(), AppCodes = [NewSecret()] };
    }

    private static string NewSecret() => RandomNumberGenerator.GetHexString(32, lowercase: true);
}
