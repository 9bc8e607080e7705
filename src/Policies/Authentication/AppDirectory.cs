using System.Collections.Frozen;
using System.Runtime.InteropServices;
using Gateway.Contracts;

namespace Gateway.Policies.Authentication;

/// <summary>The enabled apps of a configuration, found by AppKey and by AppCode. Immutable.</summary>
/// <remarks>
/// AppCodes are kept and looked up as keyed hashes only. Nobody outside knows the key, so how long a look-up takes says nothing about any code, and
/// no code can be made to fit; SHA-256 would do the same at five times the cost.
/// </remarks>
public sealed class AppDirectory
{
    private static readonly KeyedHash CodeHash = KeyedHash.CreateRandom();

    private readonly FrozenDictionary<string, App> _byKey;
    private readonly FrozenDictionary<Hash128, App> _byCode;

    private AppDirectory(FrozenDictionary<string, App> byKey, FrozenDictionary<Hash128, App> byCode)
    {
        _byKey = byKey;
        _byCode = byCode;
    }

    /// <summary>Compiles the apps. An app whose secret is missing or blank cannot sign; its AppKey is unknown then.</summary>
    /// <param name="apps">The options by name, already validated.</param>
    public static AppDirectory Compile(IReadOnlyDictionary<string, AppOptions> apps)
    {
        var byKey = new Dictionary<string, App>(StringComparer.Ordinal);
        var byCode = new Dictionary<Hash128, App>();
        foreach (var (name, options) in apps.Where(static app => app.Value.Enabled))
        {
            var app = new App(
                new AppIdentity(name, options.AppId ?? name, options.AppKey),
                CompileSecret(options.AppSecret),
                CompileSecret(options.PreviousAppSecret),
                options.PreviousUntil);
            if (!string.IsNullOrWhiteSpace(options.AppKey) && !string.IsNullOrWhiteSpace(options.AppSecret))
            {
                byKey.Add(options.AppKey, app);
            }

            foreach (var code in options.AppCodes.Where(static code => !string.IsNullOrWhiteSpace(code)))
            {
                byCode.TryAdd(HashCode(code), app);
            }
        }

        return new AppDirectory(byKey.ToFrozenDictionary(StringComparer.Ordinal), byCode.ToFrozenDictionary());
    }

    /// <summary>The app with an AppKey, compared ordinally; null when there is none.</summary>
    internal App? FindByKey(string appKey) => _byKey.GetValueOrDefault(appKey);

    /// <summary>The app with an AppCode; null when there is none.</summary>
    internal App? FindByCode(ReadOnlySpan<char> appCode) => _byCode.GetValueOrDefault(HashCode(appCode));

    private static AppSecret? CompileSecret(string? secret) => string.IsNullOrWhiteSpace(secret) ? null : new AppSecret(secret);

    /// <summary>Hashes the UTF-16 of a code, which needs no buffer.</summary>
    private static Hash128 HashCode(ReadOnlySpan<char> code) => CodeHash.Compute(default, MemoryMarshal.AsBytes(code));
}
