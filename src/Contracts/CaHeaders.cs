using System.Collections.Immutable;

namespace Gateway.Contracts;

/// <summary>Names of the cloud's request headers that more than one part of the gateway reads or writes.</summary>
public static class CaHeaders
{
    /// <summary>The AppKey.</summary>
    public const string Key = "X-Ca-Key";

    /// <summary>The signature, in Base64.</summary>
    public const string Signature = "X-Ca-Signature";

    /// <summary>Names of the headers that are signed, between commas, in any order.</summary>
    public const string SignatureHeaders = "X-Ca-Signature-Headers";

    /// <summary><c>HmacSHA256</c>, which is also meant by its absence, or <c>HmacSHA1</c>.</summary>
    public const string SignatureMethod = "X-Ca-Signature-Method";

    /// <summary>When the request was signed, in milliseconds since 1970, UTC.</summary>
    public const string Timestamp = "X-Ca-Timestamp";

    /// <summary>A text that one AppKey sends to one API once.</summary>
    public const string Nonce = "X-Ca-Nonce";

    /// <summary>All headers of a signature.</summary>
    public static ImmutableArray<string> OfSignatures { get; } = [Key, Signature, SignatureHeaders, SignatureMethod, Timestamp, Nonce];

    /// <summary>The stage that a request is meant for.</summary>
    public const string Stage = "X-Ca-Stage";

    /// <summary>The request id, towards backends and functions.</summary>
    public const string ApiGateway = "X-Ca-Api-Gateway";
}
