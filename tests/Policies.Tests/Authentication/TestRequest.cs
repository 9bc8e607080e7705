using System.Net;
using System.Text;
using Gateway.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Policies.Tests.Authentication;

/// <summary>A request as it stands on the wire; each change makes a new one.</summary>
public sealed record TestRequest(string Method, string Target)
{
    public const string Key = "203753385";
    public const string Secret = "vgtaxbnqyzmrk7dwheojpuslf3c2i8t5";
    public static readonly DateTimeOffset SignedAt = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000);

    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    public byte[] Body { get; init; } = [];

    public string? Header(string name) => Headers.Where(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(static header => header.Value).FirstOrDefault();

    public TestRequest With(string name, string value) => Without(name) with { Headers = [.. Without(name).Headers, (name, value)] };

    public TestRequest Adding(string name, string value) => this with { Headers = [.. Headers, (name, value)] };

    public TestRequest Without(string name) => this with { Headers = [.. Headers.Where(header => !header.Name.Equals(name, StringComparison.OrdinalIgnoreCase))] };

    public TestRequest WithForm(string form, string contentType = "application/x-www-form-urlencoded") => (this with { Body = Encoding.Latin1.GetBytes(form) }).With("Content-Type", contentType);

    /// <summary>Adds what a client adds: key, time, nonce and the signature over them and the list.</summary>
    public TestRequest Sign(string secret = Secret, string key = Key, string? nonce = null, string? list = null, DateTimeOffset? at = null)
    {
        var request = With("X-Ca-Key", key).With("X-Ca-Timestamp", (at ?? SignedAt).ToUnixTimeMilliseconds().ToString(System.Globalization.CultureInfo.InvariantCulture));
        request = nonce is null ? request : request.With("X-Ca-Nonce", nonce);
        return request.With("X-Ca-Signature-Headers", list ?? (nonce is null ? "X-Ca-Key,X-Ca-Timestamp" : "X-Ca-Key,X-Ca-Nonce,X-Ca-Timestamp")).Resign(secret);
    }

    /// <summary>Signs the headers that are there.</summary>
    public TestRequest Resign(string secret = Secret) => With("X-Ca-Signature", Oracle.Sign(Oracle.StringToSign(this), secret, Header("X-Ca-Signature-Method") == "HmacSHA1"));

    /// <summary>The request as the server hands it to middleware.</summary>
    public DefaultHttpContext ToContext()
    {
        var context = new DefaultHttpContext();
        context.Request.Method = Method;
        foreach (var group in Headers.GroupBy(static header => header.Name, StringComparer.OrdinalIgnoreCase))
        {
            context.Request.Headers[group.First().Name] = group.Select(static header => header.Value).ToArray();
        }

        context.Request.Body = new MemoryStream(Body);
        context.Request.ContentLength = Body.Length > 0 ? Body.Length : null;
        context.Features.Set<IHttpRequestBodyDetectionFeature>(new BodyDetection(Body.Length > 0));
        context.Features.Set(new GatewayFeature
        {
            RequestId = "3C1B7B1E-7E4A-4F0A-9F3B-6E1D8A2B5C4D",
            ClientAddress = IPAddress.Loopback,
            Target = RequestTarget.TryParse(Target, out var target) ? target : throw new ArgumentException(Target),
        });
        return context;
    }

    private sealed record BodyDetection(bool CanHaveBody) : IHttpRequestBodyDetectionFeature;
}
