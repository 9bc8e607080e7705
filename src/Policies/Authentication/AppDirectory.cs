using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Gateway.Contracts;

namespace Gateway.Policies.Authentication;

/// <summary>The enabled apps of a configuration, found by AppKey and by AppCode. Immutable.</summary>
/// <remarks>AppCodes are kept and looked up as SHA-256 only: how long a look-up takes then says nothing about any code.</remarks>
public sealed class AppDirectory
{
    private readonly FrozenDictionary<string, App> _byKey;
    private readonly FrozenDictionary<UInt128, CodeEntry> _byCode;

    private AppDirectory(FrozenDictionary<string, App> byKey, FrozenDictionary<UInt128, CodeEntry> byCode)
    {
        _byKey = byKey;
        _byCode = byCode;
    }

    /// <summary>Compiles the apps. An app whose secret is missing or blank cannot sign; its AppKey is unknown then.</summary>
    /// <param name="apps">The options by name, already validated.</param>
    public static AppDirectory Compile(IReadOnlyDictionary<string, AppOptions> apps)
    {
        var byKey = new Dictionary<string, App>(StringComparer.Ordinal);
        var byCode = new Dictionary<UInt128, CodeEntry>();
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
                var hash = new byte[SHA256.HashSizeInBytes];
                byCode.TryAdd(HashCode(code, hash), new CodeEntry(hash, app));
            }
        }

        return new AppDirectory(byKey.ToFrozenDictionary(StringComparer.Ordinal), byCode.ToFrozenDictionary());
    }

    /// <summary>The app with an AppKey, compared ordinally; null when there is none.</summary>
    internal App? FindByKey(string appKey) => _byKey.GetValueOrDefault(appKey);

    /// <summary>The app with an AppCode; null when there is none.</summary>
    internal App? FindByCode(ReadOnlySpan<char> appCode)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        return _byCode.TryGetValue(HashCode(appCode, hash), out var entry) && CryptographicOperations.FixedTimeEquals(entry.Hash, hash)
            ? entry.App
            : null;
    }

    private static AppSecret? CompileSecret(string? secret) => string.IsNullOrWhiteSpace(secret) ? null : new AppSecret(secret);

    /// <summary>Hashes the UTF-16 of a code, which needs no buffer; half of the hash finds the entry.</summary>
    private static UInt128 HashCode(ReadOnlySpan<char> code, Span<byte> hash)
    {
        SHA256.HashData(MemoryMarshal.AsBytes(code), hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    private readonly record struct CodeEntry(byte[] Hash, App App);
}
