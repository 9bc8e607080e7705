using Gateway.Backends.ProxySignatures;

namespace Gateway.Configuration.Validation;

/// <summary>Rules for the key by which the gateway signs what it sends.</summary>
internal static class BackendProxySignatureValidator
{
    /// <summary>Adds the problems of one key; its values are never shown.</summary>
    public static void Validate(ProxySignatureOptions? signature, string path, ValidationContext context)
    {
        if (signature is null)
        {
            return;
        }

        ReadOnlySpan<(string Key, string? Value, string Fix)> keys =
        [
            (nameof(signature.Key), signature.Key, "Write the name under which the backend finds the secret."),
            (nameof(signature.Secret), signature.Secret, $"Set the environment variable or secret file {path.Replace(":", "__", StringComparison.Ordinal)}__{nameof(signature.Secret)}."),
        ];
        foreach (var (key, value, fix) in keys)
        {
            var keyPath = $"{path}:{key}";
            if (string.IsNullOrEmpty(value))
            {
                context.AddMissing(keyPath, fix);
            }
            else if (value.Any(static c => c is <= ' ' or > '~'))
            {
                context.Add(keyPath, "the value holds a blank, a line break or a character outside ASCII. Copy it again.");
            }
        }
    }
}
