using System.Diagnostics.CodeAnalysis;
using System.Text;
using Gateway.Commands.Requests;
using Gateway.Configuration;
using Gateway.Configuration.Validation;
using Gateway.Contracts;
using Gateway.Hosting;
using Gateway.Policies.Authentication;

namespace Gateway.Commands.Signing;

/// <summary>The verb <c>sign</c>: what a client signs for a request, and a curl line that sends it signed.</summary>
internal static class SignCommand
{
    private static readonly string[] MadeHere = [CaHeaders.Key, CaHeaders.Signature, CaHeaders.SignatureHeaders, CaHeaders.SignatureMethod];

    /// <summary>Runs the verb.</summary>
    /// <param name="arguments">The request and the verb's options.</param>
    /// <param name="load">Reads the configuration; called only when the key comes from there.</param>
    /// <param name="time">The clock of the timestamp.</param>
    /// <param name="output">Where the result goes.</param>
    /// <param name="error">Where complaints go.</param>
    /// <returns>The exit code: 0, 1 when the app cannot sign, 2 when the arguments are not valid.</returns>
    public static int Run(RequestArguments arguments, Func<GatewayConfiguration?> load, TimeProvider time, TextWriter output, TextWriter error)
    {
        if (!TryReadMethod(arguments, out var method, out var problem) || !DescribedRequest.TryCreate(arguments, out var request, out problem))
        {
            error.WriteLine($"gateway: {problem}");
            return 2;
        }

        if (request.Target.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            error.WriteLine("gateway: the URL holds a blank or characters beyond ASCII; percent-encode them, as a client must");
            return 2;
        }

        if (MadeHere.FirstOrDefault(name => request.Find(name) is not null) is { } made)
        {
            error.WriteLine($"gateway: sign makes the header {made} itself; take it out");
            return 2;
        }

        if (!TryFindKey(arguments, load, out var key, out var secret, out problem, out var code))
        {
            error.Write(problem is null ? "" : $"gateway: {problem}{Environment.NewLine}");
            return code;
        }

        string[] names = [.. arguments.Options("--sign-header")];
        if (FindUnsendable(request.With(CaHeaders.Key, key), names) is { } unsendable)
        {
            error.WriteLine($"gateway: {unsendable}");
            return 2;
        }

        if (RequestSigning.Sign(request, new SigningKey(key, secret, method, names, arguments.Option("--no-nonce") is null), time) is not { } signed)
        {
            error.WriteLine("gateway: the request has more parameters or signed headers than the server reads");
            return 2;
        }

        output.Write(arguments.Option("--curl") is null ? Write(signed, method, arguments.Bodies) : CurlLine.Write(signed.Request, arguments.Bodies) + "\n");
        return 0;
    }

    private static string Write(SignedRequest signed, SignatureMethod method, IReadOnlyList<BodyArgument> body)
    {
        var text = new StringBuilder($"String to sign ({method}; each line but the last ends in \\n):\n\n")
            .Append(StringToSignText.Write(signed.StringToSign))
            .Append("\nHeaders:\n\n");
        foreach (var (name, value) in signed.Request.Headers)
        {
            text.Append("  ").Append(name).Append(": ").Append(value).Append('\n');
        }

        return text.Append("\nSend it").Append(signed.Request.Find(CaHeaders.Nonce) is null ? "" : ", once").Append(", while its timestamp is fresh:\n\n").Append(CurlLine.Write(signed.Request, body)).Append('\n').ToString();
    }

    /// <summary>What of a request no client can send, so that signing it helps nobody; null when there is nothing.</summary>
    private static string? FindUnsendable(DescribedRequest request, string[] signedNames)
    {
        if (!HttpToken.IsToken(request.Method))
        {
            return $"'{Visible(request.Method)}' is not a method";
        }

        if (request.Headers.Select(static header => header.Key).Concat(signedNames).FirstOrDefault(static name => !HttpToken.IsToken(name)) is { } name)
        {
            return $"'{Visible(name)}' is not the name of a header";
        }

        return request.Headers.FirstOrDefault(static header => !HttpToken.IsHeaderValue(header.Value)).Key is { } header
            ? $"the header {header} holds a control character"
            : null;
    }

    private static string Visible(string text) => text.Length == 0 ? "" : StringToSignText.Show(text);

    private static bool TryReadMethod(RequestArguments arguments, out SignatureMethod method, [NotNullWhen(false)] out string? problem)
    {
        var name = arguments.Option("--method") ?? nameof(SignatureMethod.HmacSHA256);
        var isKnown = Enum.TryParse(name, ignoreCase: true, out method) && Enum.IsDefined(method) && !char.IsAsciiDigit(name[0]);
        problem = isKnown ? null : $"'{name}' is not a way to sign; write HmacSHA256 or HmacSHA1 (the method of the request goes before the URL)";
        return isKnown;
    }

    private static bool TryFindKey(
        RequestArguments arguments,
        Func<GatewayConfiguration?> load,
        [NotNullWhen(true)] out string? key,
        [NotNullWhen(true)] out string? secret,
        out string? problem,
        out int exitCode)
    {
        (key, secret, problem, exitCode) = (arguments.Option("--key"), arguments.Option("--secret"), null, 2);
        if (key is not null && secret is not null)
        {
            return true;
        }

        if (key is not null || secret is not null || arguments.Option("--app") is not { } name)
        {
            problem = "say who signs: --app NAME for an app of the configuration, or both --key and --secret";
            return false;
        }

        exitCode = 1;
        if (load() is not { } configuration)
        {
            return false; // Its problems have been told.
        }

        var app = configuration.Options.Apps.GetValueOrDefault(name);
        (key, secret) = (app?.AppKey, app?.AppSecret);
        problem = app is null ? $"there is no app '{name}' in Gateway:Apps; {Known(configuration)}"
            : key is not null && secret is not null ? null
            : configuration.IsDevelopment && DevelopmentApps.IsIncomplete(app)
                ? $"app '{name}' has no key pair in the configuration: the running gateway made one and printed it when it started. Give it with --key and --secret"
            : $"app '{name}' has no AppKey and AppSecret to sign with. Give them with --key and --secret";
        return problem is null;
    }

    private static string Known(GatewayConfiguration configuration)
        => configuration.Options.Apps.Count == 0 ? "there is none at all" : $"known are {string.Join(", ", configuration.Options.Apps.Keys)}";
}
