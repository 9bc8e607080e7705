using Gateway.Policies.Authentication;

namespace Gateway.Configuration.Validation;

/// <summary>Rules for <c>Gateway:Apps</c>. No message holds a secret, or says more of one than what is wrong with its form.</summary>
internal sealed class AppValidator(ValidationContext context)
{
    private const string Section = "Gateway:Apps";
    private const int LongestName = 64;
    private const int ShortestCode = 8;

    // Ordinal, as requests are compared; disabled apps included, so that enabling one can never let it answer to another's name.
    private readonly Dictionary<string, string> _placesOfKeys = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _placesOfCodes = new(StringComparer.Ordinal);

    /// <summary>Adds the problems of all apps.</summary>
    public void Validate(IReadOnlyDictionary<string, AppOptions> apps)
    {
        foreach (var (name, app) in apps)
        {
            var path = $"{Section}:{name}";
            EntryName.Validate(name, path, context);
            ValidateAppId(app.AppId, $"{path}:{nameof(app.AppId)}");
            ValidateKeyPair(app, path);
            ValidatePrevious(app, path);
            ValidateCodes(app.AppCodes, $"{path}:{nameof(app.AppCodes)}");
            ValidateUsable(app, path);
        }
    }

    /// <summary>Whether an app has anything to authenticate with.</summary>
    public static bool HasCredential(AppOptions app) => app.AppKey is not null || app.AppSecret is not null || app.AppCodes.Count > 0;

    private void ValidateAppId(string? appId, string path)
    {
        // Two apps may share one: an app of the cloud with two key pairs is two apps here.
        if (appId is not null && !IsToken(appId))
        {
            context.Add(path, $"{Show.Value(appId)} is not an id. It goes to backends in a header: write 1 to {LongestName} ASCII characters without blanks.");
        }
    }

    private void ValidateKeyPair(AppOptions app, string path)
    {
        var keyPath = $"{path}:{nameof(app.AppKey)}";
        var secretPath = $"{path}:{nameof(app.AppSecret)}";
        if (app.AppKey is { } key)
        {
            if (!IsToken(key))
            {
                context.Add(keyPath, $"{Show.Value(key)} is not an AppKey. It comes in a header: write 1 to {LongestName} ASCII characters without blanks.");
            }
            else if (!_placesOfKeys.TryAdd(key, keyPath))
            {
                AddTaken(keyPath, "AppKey", _placesOfKeys[key]);
            }

            if (app.AppSecret is null)
            {
                context.AddMissing(secretPath, $"An AppKey signs with its AppSecret. Set the environment variable or secret file {Variable(secretPath)}.");
            }
        }
        else if (app.AppSecret is not null)
        {
            context.AddMissing(keyPath, $"An AppSecret belongs to an AppKey. Write it, or set the environment variable {Variable(keyPath)}.");
        }

        ValidateSecret(app.AppSecret, secretPath);
    }

    private void ValidatePrevious(AppOptions app, string path)
    {
        var secretPath = $"{path}:{nameof(app.PreviousAppSecret)}";
        var untilPath = $"{path}:{nameof(app.PreviousUntil)}";
        ValidateSecret(app.PreviousAppSecret, secretPath);
        if (app.PreviousAppSecret is null)
        {
            if (app.PreviousUntil is not null)
            {
                context.AddMissing(secretPath, $"PreviousUntil says when it ends. Set {Variable(secretPath)}, or take PreviousUntil out once it has passed.");
            }

            return;
        }

        if (app.PreviousUntil is null)
        {
            context.AddMissing(untilPath, "Write when the previous secret ends, as in 2027-01-31T00:00:00Z.");
        }

        if (app.AppSecret is null && app.AppKey is null)
        {
            context.Add(secretPath, "there is no AppSecret that this one could precede. Write AppKey and AppSecret, or take it out.");
        }
        else if (app.AppSecret == app.PreviousAppSecret)
        {
            context.Add(secretPath, "the previous secret is the present one. Take it out and PreviousUntil with it, or set a new AppSecret.");
        }
    }

    private void ValidateSecret(string? secret, string path)
    {
        if (secret is { Length: 0 })
        {
            context.Add(path, $"the value is empty. Set the environment variable or secret file {Variable(path)}.");
        }
        else if (secret is not null && (secret.Any(char.IsControl) || secret.Trim() != secret))
        {
            context.Add(path, "the value begins or ends with a blank, or holds a line break or another control character. Copy it again.");
        }
    }

    private void ValidateCodes(IReadOnlyList<string> codes, string path)
    {
        for (var i = 0; i < codes.Count; i++)
        {
            var codePath = $"{path}:{i}";
            if (codes[i].Length == 0)
            {
                context.Add(codePath, $"the value is empty. Set the environment variable or secret file {Variable(codePath)}, or take the element out.");
            }
            else if (codes[i].Any(static c => c is <= ' ' or > '~' or ','))
            {
                context.Add(codePath, "the code holds a blank, a comma, or a character beyond ASCII. Use letters and digits.");
            }
            else if (codes[i].Length < ShortestCode && !context.IsDevelopment)
            {
                context.Add(
                    codePath,
                    $"the code is so short that it could be guessed. Use {ShortestCode} characters or more, best 32 random ones; only Development takes shorter ones.");
            }
            else if (!_placesOfCodes.TryAdd(codes[i], codePath))
            {
                AddTaken(codePath, "AppCode", _placesOfCodes[codes[i]]);
            }
        }
    }

    /// <summary>An app that is switched off needs nothing: its secrets need not be there in a stage that does not serve it.</summary>
    private void ValidateUsable(AppOptions app, string path)
    {
        var codesPath = $"{path}:{nameof(app.AppCodes)}";
        if (!context.IsDevelopment && app.Enabled && !HasCredential(app) && app.PreviousAppSecret is null && !context.HasProblemBelow(path))
        {
            context.Add(
                path,
                $"the app has no credential, so that it could never call. Set {Variable($"{path}:{nameof(app.AppKey)}")} and {Variable($"{path}:{nameof(app.AppSecret)}")}, "
                    + $"or {Variable(codesPath)}__0, as environment variables or secret files; only in Development the gateway makes them.");
        }
    }

    private void AddTaken(string path, string what, string other)
        => context.Add(path, $"the {what} is also given at {other} ({context.OriginOf(other)}), and it must tell who calls. Give each app its own.");

    private static string Variable(string path) => path.Replace(":", "__", StringComparison.Ordinal);

    private static bool IsToken(string text) => text.Length is > 0 and <= LongestName && text.All(static c => c is > ' ' and <= '~');
}
