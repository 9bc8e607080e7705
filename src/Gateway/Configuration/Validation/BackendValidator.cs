using Gateway.Backends;

namespace Gateway.Configuration.Validation;

/// <summary>Rules for <c>Gateway:Backends</c>.</summary>
internal static class BackendValidator
{
    /// <summary>Adds the problems of all backends.</summary>
    public static void Validate(GatewayOptions options, ValidationContext context)
    {
        foreach (var (name, backend) in options.Backends)
        {
            var path = $"Gateway:Backends:{name}";
            EntryName.Validate(name, path, context);
            switch (backend)
            {
                case MockOptions mock:
                    MockValidator.Validate(mock, path, context);
                    break;
                case FunctionOptions function:
                    BackendAddressValidator.Validate(name, function, options.LocalFunctions, path, context);
                    ValidateCredentials(function.Credentials, $"{path}:{nameof(FunctionOptions.Credentials)}", context);
                    BackendResilienceValidator.Validate(function, path, context);
                    if (function is EventFunctionOptions eventFunction)
                    {
                        ValidateEventFunction(eventFunction, path, context);
                    }
                    else if (function is WebFunctionOptions web)
                    {
                        BackendProxySignatureValidator.Validate(web.ProxySignature, $"{path}:{nameof(web.ProxySignature)}", context);
                    }

                    break;
            }
        }
    }

    private static void ValidateCredentials(CredentialsOptions? credentials, string path, ValidationContext context)
    {
        if (credentials is null)
        {
            return;
        }

        ReadOnlySpan<(string Key, string? Value, bool Required)> keys =
        [
            (nameof(CredentialsOptions.AccessKeyId), credentials.AccessKeyId, true),
            (nameof(CredentialsOptions.AccessKeySecret), credentials.AccessKeySecret, true),
            (nameof(CredentialsOptions.SecurityToken), credentials.SecurityToken, false),
        ];
        foreach (var (key, value, required) in keys)
        {
            var keyPath = $"{path}:{key}";
            var variable = keyPath.Replace(":", "__", StringComparison.Ordinal);
            if (required && string.IsNullOrEmpty(value))
            {
                context.AddMissing(keyPath, $"Set the environment variable or secret file {variable}, or take Credentials out for anonymous calls.");
            }
            else if (value is not null && value.Any(static c => c is <= ' ' or > '~'))
            {
                context.Add(keyPath, "the value holds a blank, a line break or a character that no key has. Copy it again.");
            }
        }
    }

    private static void ValidateEventFunction(EventFunctionOptions options, string path, ValidationContext context)
    {
        ReadOnlySpan<(string Key, string? Value)> names =
            [(nameof(options.Function), options.Function), (nameof(options.Qualifier), options.Qualifier)];
        foreach (var (key, value) in names)
        {
            if (value is null)
            {
                continue;
            }

            if (options.Invoke == InvokeProtocol.CustomRuntime)
            {
                context.Add($"{path}:{key}", $"{key} cannot apply: a custom runtime is one function, called by its address alone. Take it out.");
            }
            else if (value.Length == 0 || !value.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-'))
            {
                context.Add(
                    $"{path}:{key}", $"{Show.Value(value)} is not a name of the function service. Use letters, digits, '_', '.' and '-'.");
            }
        }

        if (options is { Invoke: InvokeProtocol.CustomRuntime, Credentials: not null })
        {
            context.Add(
                $"{path}:{nameof(options.Credentials)}",
                "Credentials cannot apply: a custom runtime checks no signature. Take them out, or write \"Invoke\": \"FunctionCompute\".");
        }
    }
}
