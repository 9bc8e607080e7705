using System.Globalization;
using System.Text;
using Gateway.Commands.Requests;
using Gateway.Commands.Signing;
using Gateway.Configuration;
using Gateway.Contracts;
using Gateway.Policies.Authentication;

namespace Gateway.Commands.Explaining;

/// <summary>Why a signature was refused: the server's string, what the client's has instead, and the cause, where one was found by recomputing.</summary>
internal sealed class SignatureDiagnosis
{
    private readonly DescribedRequest _request;
    private readonly string _signature;
    private readonly string? _appName;
    private readonly SignatureAttempt? _asArrived;
    private readonly GatewayConfiguration _configuration;

    /// <summary>A diagnosis of a request that carries a signature.</summary>
    public SignatureDiagnosis(DescribedRequest request, GatewayConfiguration configuration)
    {
        _request = request;
        _configuration = configuration;
        _signature = request.Find(CaHeaders.Signature) ?? "";
        var key = request.Find(CaHeaders.Key);
        var (name, app) = configuration.Options.Apps.FirstOrDefault(app => app.Value.AppKey == key && key is not null);
        _appName = name;
        if (app?.AppSecret is { } secret)
        {
            var method = Enum.TryParse(request.Find(CaHeaders.SignatureMethod), ignoreCase: true, out SignatureMethod named) ? named : SignatureMethod.HmacSHA256;
            _asArrived = new SignatureAttempt(request, secret, method);
        }
    }

    /// <summary>The server's string by line, the first line in which the client's differs, and the likely cause.</summary>
    /// <param name="clientString">What the client says it signed; null when that is not known.</param>
    public string Write(string? clientString)
    {
        if (RequestSigning.StringToSign(_request) is not { } server)
        {
            return "";
        }

        var comparison = clientString is null ? null : ClientString.Compare(server, clientString);
        var text = new StringBuilder("\nThe server's string-to-sign (each line but the last ends in \\n):\n\n").Append(StringToSignText.Write(server));
        if (clientString is not null)
        {
            text.Append('\n').Append(comparison).Append('\n');
            if (_asArrived is not null && ClientString.TryRestore(clientString, out var signed))
            {
                var matches = RequestSigner.Sign(signed, _asArrived.Secret, _asArrived.Method) == _signature.Trim();
                text.Append(matches
                    ? $"The client's string and the secret of {_appName} give the client's signature: the secret is right.\n"
                    : $"The client's string and the secret of {_appName} do not give the client's signature: it has another secret, or signed another string.\n");
            }
        }

        return text.Append('\n').Append(WriteCause(clientString is not null, comparison == ClientString.Same)).ToString();
    }

    private string WriteCause(bool isStringKnown, bool isStringSame)
    {
        if (_asArrived is null || _appName is null)
        {
            return "No app of the configuration has this AppKey and a secret, so nothing could be recomputed.\n";
        }

        Hypothesis[] all =
        [
            .. HeaderHypotheses.For(_request),
            .. UrlHypotheses.For(_request),
            .. SecretHypotheses.For(_appName, _asArrived.Method, _configuration),
        ];
        if (FindCause(_asArrived, all) is { Length: > 0 } causes)
        {
            return $"Cause: with {string.Join(" and ", causes.Select(static cause => cause.With))} the signature matches.\n"
                + string.Concat(causes.Select(static cause => $"  {cause.Advice}\n"));
        }

        if (isStringSame)
        {
            return $"Cause: the strings are the same, and the secret of {_appName} does not give this signature. The client's secret is another one.\n";
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"Cause: not found. None of {all.Length} usual changes, nor any two of them, makes the signature match with the secret of {_appName}.\n")
            + "  So the client's secret is another one, or it signed something that did not arrive."
            + (isStringKnown ? "\n" : " Give what it signed with --client-string to tell which.\n");
    }

    /// <summary>One hypothesis, else two, by which the signature comes out as sent; none when nothing does.</summary>
    private Hypothesis[] FindCause(SignatureAttempt start, Hypothesis[] all)
    {
        if (all.FirstOrDefault(cause => cause.Apply(start).Gives(_signature)) is { } single)
        {
            return [single];
        }

        foreach (var first in all)
        {
            var attempt = first.Apply(start);
            foreach (var second in all)
            {
                // The one that rewrites the text comes last: it works on what the other has left.
                if (first.Part != second.Part && attempt.Rewrite is null && second.Apply(attempt).Gives(_signature))
                {
                    return [first, second];
                }
            }
        }

        return [];
    }
}
