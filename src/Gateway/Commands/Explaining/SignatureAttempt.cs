using Gateway.Commands.Requests;
using Gateway.Commands.Signing;
using Gateway.Policies.Authentication;

namespace Gateway.Commands.Explaining;

/// <summary>One way in which a client may have come to its signature. Immutable.</summary>
/// <param name="Request">What was signed, if not what arrived.</param>
/// <param name="Secret">With which secret.</param>
/// <param name="Method">By which algorithm.</param>
internal sealed record SignatureAttempt(DescribedRequest Request, string Secret, SignatureMethod Method)
{
    /// <summary>Changes to the string-to-sign itself; null for none.</summary>
    public Func<string, string>? Rewrite { get; init; }

    /// <summary>Whether this way leads to the signature that the client sent.</summary>
    /// <param name="signature">Base64, as sent.</param>
    public bool Gives(string signature)
    {
        return RequestSigning.StringToSign(Request) is { } text
            && RequestSigner.Sign(Rewrite is null ? text : Rewrite(text), Secret, Method) == signature.Trim();
    }

    /// <summary>Hides the secret.</summary>
    public override string ToString() => $"{nameof(SignatureAttempt)} {{ {Method} }}";
}

/// <summary>One thing that may have gone wrong.</summary>
/// <param name="Part">What it is about; two of the same part are never tried together.</param>
/// <param name="With">Its words in "with … the signature matches".</param>
/// <param name="Advice">What that means, and what to do. A full sentence.</param>
/// <param name="Apply">Makes the attempt.</param>
internal sealed record Hypothesis(string Part, string With, string Advice, Func<SignatureAttempt, SignatureAttempt> Apply);
