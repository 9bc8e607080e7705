using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using Gateway.Commands.Requests;
using Gateway.Configuration;
using Gateway.Contracts;
using Gateway.Policies.Forwarding;

namespace Gateway.Commands.Explaining;

/// <summary>The verb <c>explain</c>: what would become of a request, and why. Sends nothing.</summary>
internal static class ExplainCommand
{
    /// <summary>Runs the verb.</summary>
    /// <param name="arguments">The request and the verb's options.</param>
    /// <param name="configuration">The configuration.</param>
    /// <param name="source">Where it came from.</param>
    /// <param name="time">The clock.</param>
    /// <param name="output">Where the explanation goes.</param>
    /// <param name="error">Where complaints go.</param>
    /// <returns>The exit code: 0 when the request would be served, 1 when it would be refused, 2 when the arguments are not valid.</returns>
    public static async Task<int> RunAsync(
        RequestArguments arguments, GatewayConfiguration configuration, ConfigurationSource source, TimeProvider time, TextWriter output, TextWriter error)
    {
        if (!TryReadRequest(arguments, out var request, out var problem)
            || !TryReadPeer(arguments, out var peer, out problem)
            || !ClientString.TryRead(arguments.Option("--client-string"), out var clientString, out problem))
        {
            await error.WriteLineAsync($"gateway: {problem}");
            return 2;
        }

        var verdict = await RunAsync(request, peer, configuration, source, time);
        var text = ExplanationText.Write(request, verdict, configuration) + CredentialNotes.Write(request, verdict, configuration, time);
        if (verdict.Failure == GatewayError.TimestampExpired && ReadTimestamp(request) is { } then)
        {
            // An old request, a captured one perhaps: its age hides whatever else may be wrong.
            var fresh = await RunAsync(request, peer, configuration, source, new FixedTime(then));
            text += fresh.Failure is { } other
                ? $"\nApart from its age it would be refused all the same: {other.Code}, {other.Title.ToLowerInvariant()}.\n"
                : "\nApart from its age it would be served.\n";
            verdict = fresh.Failure is null ? verdict : fresh;
        }

        if (verdict.Failure == GatewayError.InvalidSignature)
        {
            text += new SignatureDiagnosis(request, configuration).Write(clientString);
        }

        await output.WriteAsync(Redaction.Of(request, configuration).Apply(text));
        return verdict.Failure is null ? 0 : 1;
    }

    private static async Task<Verdict> RunAsync(
        DescribedRequest request, IPAddress peer, GatewayConfiguration configuration, ConfigurationSource source, TimeProvider time)
    {
        await using var gateway = await DryRun.CreateAsync(configuration, source, time);
        return await gateway.RunAsync(request, peer);
    }

    private static bool TryReadRequest(
        RequestArguments arguments, [NotNullWhen(true)] out DescribedRequest? request, [NotNullWhen(false)] out string? problem)
        => arguments.File is { } file ? RawRequestFile.TryRead(file, out request, out problem) : DescribedRequest.TryCreate(arguments, out request, out problem);

    private static bool TryReadPeer(RequestArguments arguments, [NotNullWhen(true)] out IPAddress? peer, [NotNullWhen(false)] out string? problem)
    {
        var text = arguments.Option("--from") ?? "127.0.0.1";
        problem = IPAddress.TryParse(text, out peer) ? null : $"'{text}' is not an address";
        peer = peer is null ? null : TrustedProxies.Normalize(peer);
        return peer is not null;
    }

    private static DateTimeOffset? ReadTimestamp(DescribedRequest request)
        => long.TryParse(request.Find(CaHeaders.Timestamp), NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            && milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : null;
}
