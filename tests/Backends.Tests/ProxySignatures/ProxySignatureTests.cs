using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Backends.ProxySignatures;
using Gateway.TestSupport;

namespace Gateway.Backends.Tests.ProxySignatures;

/// <summary>The signature towards backends against vectors of the published verifier.</summary>
public class ProxySignatureTests
{
    private const string Form = "application/x-www-form-urlencoded";
    private static readonly JsonNode Vectors = JsonNode.Parse(File.ReadAllText(
        Path.Combine(Repository.Root, "tests", "Backends.Tests", "ProxySignatures", "backend-proxy-signature.json")))!;

    public static TheoryData<string> Ids => [.. Vectors["vectors"]!.AsArray().Select(static vector => (string)vector!["id"]!)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void StringToSign_OfAVector_IsTheVerifiers(string id)
    {
        var vector = Find(id);
        var (request, headers, form) = Read(vector);

        var text = ProxySignature.StringToSign(request, headers, form);

        Assert.Equal((string)vector["stringToSign"]!, text);
        var secret = (string)Vectors["secrets"]![(string)vector["headers"]!["X-Ca-Proxy-Signature-Secret-Key"]!]!;
        Assert.Equal((string)vector["proxySignature"]!, ProxySignature.Sign(text, Encoding.UTF8.GetBytes(secret)));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void StringToSign_OfAnythingElse_Differs(string id)
    {
        var expected = (string)Find(id)["stringToSign"]!;
        ReadOnlySpan<Action<HttpRequestMessage>> changes =
        [
            static request => request.Method = HttpMethod.Delete,
            static request => request.RequestUri = new Uri(request.RequestUri!.AbsoluteUri.Replace("://backend/", "://backend/x", StringComparison.Ordinal)),
            static request => request.RequestUri = new Uri(request.RequestUri!.AbsoluteUri + (request.RequestUri.Query.Length > 0 ? "&" : "?") + "zz=1"),
            static request => request.Headers.NonValidated.ToList().ForEach(header => { request.Headers.Remove(header.Key); request.Headers.Add(header.Key, "other"); }),
        ];
        foreach (var change in changes)
        {
            var (request, headers, form) = Read(Find(id));
            change(request);

            Assert.NotEqual(expected, ProxySignature.StringToSign(request, headers, form));
        }
    }

    [Theory]
    [InlineData("/p?b=2&a=1", null, "GET\n\n/p?a=1&b=2")]
    [InlineData("/p?a=%E6%B5%8B+x&a=second", null, "GET\n\n/p?a=测 x")]
    [InlineData("/p?a&=no-name&b=", null, "GET\n\n/p?a=&b=")]
    [InlineData("/p%2Fq?", null, "GET\n\n/p%2Fq")]
    [InlineData("/p?a=%zz", null, "GET\n\n/p?a=%zz")]
    [InlineData("/p?a=query", "a=form&c=%26", "GET\n\n/p?a=query&c=&")]
    [InlineData("/p", "", "GET\n\n/p")]
    public void StringToSign_OfParameters_HasThemDecodedAndSorted(string target, string? form, string expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("http://backend" + target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));

        Assert.Equal(expected, ProxySignature.StringToSign(request, [], form));
    }

    [Fact]
    public void Options_AsText_HideTheSecret()
        => Assert.DoesNotContain("hunter2", new ProxySignatureOptions { Key = "k", Secret = "hunter2" }.ToString(), StringComparison.Ordinal);

    private static JsonNode Find(string id) => Vectors["vectors"]!.AsArray().Single(vector => (string)vector!["id"]! == id)!;

    /// <summary>The request of a vector as it would go out: fields named <c>Form…</c> stand in the body, all others in the query.</summary>
    private static (HttpRequestMessage Request, ImmutableArray<string> Headers, string? Form) Read(JsonNode vector)
    {
        var fields = vector["queryAndFormParams"]!.AsObject().SelectMany(static field
            => (field.Value is JsonArray many ? many.Select(static value => (string)value!) : [(string)field.Value!]).Select(value => (Name: field.Key, Value: value))).ToList();
        var form = Join(fields.Where(static field => field.Name.StartsWith("Form", StringComparison.Ordinal)));
        var query = Join(fields.Where(static field => !field.Name.StartsWith("Form", StringComparison.Ordinal)));
        var body = vector["bodyBase64"] is { } text ? Convert.FromBase64String((string)text!) : [];
        var request = new HttpRequestMessage(
            HttpMethod.Parse((string)vector["method"]!), $"http://backend{vector["path"]}{(query.Length > 0 ? "?" : "")}{query}")
        {
            Content = new ByteArrayContent(body),
        };
        foreach (var (name, value) in vector["headers"]!.AsObject().Where(static header => header.Key != "X-Ca-Proxy-Signature-Headers"))
        {
            request.Headers.Add(name, (string)value!);
        }

        if (form.Length > 0)
        {
            request.Content.Headers.Add("Content-Type", Form);
        }
        else if (body.Length > 0)
        {
#pragma warning disable CA5351 // What the header is.
            request.Content.Headers.ContentMD5 = MD5.HashData(body);
#pragma warning restore CA5351
        }

        var headers = ((string)vector["headers"]!["X-Ca-Proxy-Signature-Headers"]!).Split(',').Order(StringComparer.Ordinal);
        return (request, [.. headers], form.Length > 0 ? form : null);
    }

    private static string Join(IEnumerable<(string Name, string Value)> fields)
        => string.Join('&', fields.Select(static field => $"{Uri.EscapeDataString(field.Name)}={Uri.EscapeDataString(field.Value)}"));
}
