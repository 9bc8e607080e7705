using System.Globalization;
using System.Text;
using Gateway.Commands.Requests;
using Gateway.Commands.Signing;
using Gateway.Configuration;
using Gateway.Contracts;
using Gateway.Hosting;
using Gateway.Policies.Authentication;

namespace Gateway.Commands.Explaining;

/// <summary>What can be said about a refusal beyond its message: only what was looked up or computed.</summary>
internal static class CredentialNotes
{
    /// <summary>The notes, one a line; empty for none.</summary>
    public static string Write(DescribedRequest request, Verdict verdict, GatewayConfiguration configuration, TimeProvider time)
    {
        var notes = Find(request, verdict, configuration, time).ToArray();
        return notes.Length == 0 ? "" : "\n" + string.Concat(notes.Select(static note => $"Note         {note}\n"));
    }

    private static IEnumerable<string> Find(DescribedRequest request, Verdict verdict, GatewayConfiguration configuration, TimeProvider time)
    {
        if (verdict.Failure == GatewayError.TimestampExpired)
        {
            yield return DescribeAge(request.Find(CaHeaders.Timestamp) ?? "", configuration.Options.Authentication, time);
        }
        else if (verdict.Failure == GatewayError.UnknownAppKey || verdict.Failure == GatewayError.UnknownAppCode)
        {
            foreach (var note in DescribeUnknown(request.Find(CaHeaders.Key), configuration))
            {
                yield return note;
            }
        }
        else if ((verdict.Failure == GatewayError.AppNotAuthorized || verdict.Failure == GatewayError.AuthorizationExpired)
            && FindCaller(request, configuration) is { } caller)
        {
            yield return $"The credentials are those of app {caller}.";
        }
        else if (verdict.Failure == GatewayError.InvalidContentMd5)
        {
            yield return request.Body.Length == 0
                ? "The body is empty, so that there is nothing to compute Content-MD5 over."
                : $"Content-MD5 of the body that arrived ({request.Body.Length.ToString("N0", CultureInfo.InvariantCulture)} bytes) is {RequestSigning.ContentMd5(request.Body)}.";
        }
        else if (verdict.Failure == GatewayError.AddressDenied && !verdict.Gateway.IsPeerTrusted && request.Find("X-Forwarded-For") is not null)
        {
            yield return "X-Forwarded-For did not count, because the peer is none of TrustedProxies.";
        }
    }

    /// <summary>The app whose AppKey or AppCode came with the request.</summary>
    private static string? FindCaller(DescribedRequest request, GatewayConfiguration configuration)
    {
        var key = request.Find(CaHeaders.Signature) is null ? null : request.Find(CaHeaders.Key);
        string[] codes = key is null ? [.. RequestAppCode.Of(request)] : [];
        return configuration.Options.Apps.FirstOrDefault(app => key is null ? app.Value.AppCodes.Any(codes.Contains) : app.Value.AppKey == key).Key;
    }

    private static string DescribeAge(string timestamp, AuthenticationOptions options, TimeProvider time)
    {
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds))
        {
            return "X-Ca-Timestamp is not a number.";
        }

        if (timestamp.Length <= 10)
        {
            return "X-Ca-Timestamp has the length of a time in seconds; it must be in milliseconds.";
        }

        var skew = time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(milliseconds, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()));
        var text = new StringBuilder("X-Ca-Timestamp is ").Append(Format(skew.Duration())).Append(skew > TimeSpan.Zero ? " behind" : " ahead of")
            .Append(" this machine's clock; ").Append(Format(options.TimestampWindow)).Append(" are allowed.");
        return text.ToString();
    }

    private static IEnumerable<string> DescribeUnknown(string? key, GatewayConfiguration configuration)
    {
        foreach (var (name, app) in configuration.Options.Apps)
        {
            if (!app.Enabled && key is not null && app.AppKey == key)
            {
                yield return $"It is the AppKey of {name}, which is disabled here.";
            }

            if (configuration.IsDevelopment && DevelopmentApps.IsIncomplete(app))
            {
                yield return $"{name} has no credentials in the configuration: each run makes its own. To explain with those of the running gateway, add "
                    + $"--Gateway:Apps:{name}:AppKey=… --Gateway:Apps:{name}:AppSecret=… --Gateway:Apps:{name}:AppCodes:0=…";
            }
        }
    }

    /// <summary>The two largest units, the second where it is not zero.</summary>
    private static string Format(TimeSpan time)
    {
        (long Count, string Unit)[] parts = [((long)time.TotalDays, "days"), (time.Hours, "h"), (time.Minutes, "min"), (time.Seconds, "s")];
        var shown = parts.SkipWhile(static part => part.Count == 0).Take(2).Where(static part => part.Count > 0);
        var text = string.Join(' ', shown.Select(static part => string.Create(CultureInfo.InvariantCulture, $"{part.Count} {part.Unit}")));
        return text.Length == 0 ? "less than a second" : text;
    }
}
