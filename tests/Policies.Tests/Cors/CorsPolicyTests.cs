using System.Text;
using CsCheck;
using Gateway.Policies.Cors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Gateway.Policies.Tests.Cors;

public class CorsPolicyTests
{
    private static readonly CorsOptions Strict = new() { AllowOrigins = ["https://app.example.com", "https://*.foo.com"], AllowMethods = ["GET", "PUT"], AllowHeaders = ["X-A", "X-B"] };

    private static string Marked(CorsOptions options, StringValues origin, Action<IHeaderDictionary>? backend = null)
    {
        var headers = new HeaderDictionary();
        backend?.Invoke(headers);
        CorsPolicy.Compile(options).Write(headers, origin);
        return Text(headers);
    }

    private static string Answered(CorsOptions options, StringValues origin, StringValues asked)
    {
        var headers = new HeaderDictionary();
        CorsPolicy.Compile(options).WritePreflight(headers, origin, asked);
        return Text(headers);
    }

    private static string Text(HeaderDictionary headers)
    {
        var text = new StringBuilder();
        foreach (var (name, values) in headers.OrderBy(static header => header.Key, StringComparer.Ordinal))
        {
            text.Append(name).Append(": ").AppendJoin(" | ", values.ToArray()).Append('\n');
        }

        return text.ToString();
    }

    [Theory]
    [InlineData("https://app.example.com", "https://app.example.com", true)]
    [InlineData("https://app.example.com", "HTTPS://APP.Example.com", true)]
    [InlineData("HTTPS://App.Example.COM", "https://app.example.com", true)]
    [InlineData("https://app.example.com:443", "https://app.example.com", true)]
    [InlineData("http://app.example.com:80", "http://app.example.com", true)]
    [InlineData("https://app.example.com:8443", "https://app.example.com:8443", true)]
    [InlineData("https://app.example.com", "https://app.example.com:8443", false)]
    [InlineData("https://app.example.com", "http://app.example.com", false)]
    [InlineData("https://app.example.com", "https://app.example.com.evil.net", false)]
    [InlineData("https://app.example.com", "https://evilapp.example.com", false)]
    [InlineData("https://app.example.com", "https://app.example.com/", false)]
    [InlineData("https://app.example.com", "null", false)]
    [InlineData("http://[::1]:3000", "http://[::1]:3000", true)]
    [InlineData("capacitor://localhost", "capacitor://localhost", true)]
    [InlineData("https://*.foo.com", "https://a.foo.com", true)]
    [InlineData("https://*.foo.com", "https://a.b.foo.com", true)]
    [InlineData("https://*.Foo.com", "https://A.foo.COM", true)]
    [InlineData("https://*.foo.com", "https://foo.com", false)]
    [InlineData("https://*.foo.com", "https://.foo.com", false)]
    [InlineData("https://*.foo.com", "https://a..foo.com", false)]
    [InlineData("https://*.foo.com", "https://evilfoo.com", false)]
    [InlineData("https://*.foo.com", "http://a.foo.com", false)]
    [InlineData("https://*.foo.com", "https://a.foo.com:8443", false)]
    [InlineData("https://*.foo.com:8443", "https://a.foo.com:8443", true)]
    [InlineData("https://*.foo.com", "https://evil.net/.foo.com", false)]
    [InlineData("https://*.foo.com", "https://evil.net?.foo.com", false)]
    [InlineData("https://*.foo.com", "https://evil.net#.foo.com", false)]
    [InlineData("https://*.foo.com", "https://evil.net:80.foo.com", false)]
    [InlineData("https://*.foo.com", "https://evil@a.foo.com", false)]
    [InlineData("https://*.foo.com", "https://evil.net\\.foo.com", false)]
    [InlineData("https://*.foo.com", "https://[a].foo.com", false)]
    [InlineData("https://*.foo.com", "https://ä.foo.com", false)]
    [InlineData("https://*.foo.com", "null", false)]
    [InlineData("*", "https://anything.example", true)]
    [InlineData("*", "null", true)]
    public void Allows_ComparesOrigins_Whole(string configured, string origin, bool isAllowed)
    {
        Assert.Null(CorsPolicy.RefuseOrigin(configured));

        Assert.Equal(isAllowed, CorsPolicy.Compile(new CorsOptions { AllowOrigins = [configured] }).Allows(origin));
    }

    [Fact]
    public void Allows_NoOriginOrTwo_No()
    {
        var policy = CorsPolicy.Compile(new CorsOptions { AllowOrigins = ["*"] });

        Assert.False(policy.Allows(default));
        Assert.False(policy.Allows(""));
        Assert.False(policy.Allows(new StringValues(["https://a.example", "https://b.example"])));
    }

    /// <summary>Whatever a client makes up, what is allowed by a wildcard is an origin below that host.</summary>
    [Fact]
    public void Allows_ByWildcard_NothingButHostsBelow()
    {
        var policy = CorsPolicy.Compile(new CorsOptions { AllowOrigins = ["https://*.foo.com"] });
        Gen.String[Gen.Char["aZ0.-_/?#@:\\[]%* \t"], 0, 12].Sample(text =>
        {
            var origin = $"https://{text}.foo.com";
            if (policy.Allows(origin))
            {
                Assert.True(Uri.TryCreate(origin, UriKind.Absolute, out var uri) || text.Contains('_', StringComparison.Ordinal) || text.Contains('-', StringComparison.Ordinal));
                Assert.True(uri is null || (uri.Host.EndsWith(".foo.com", StringComparison.Ordinal) && uri is { PathAndQuery: "/", Fragment: "", UserInfo: "", IsDefaultPort: true }));
            }
        });
    }

    [Theory]
    [InlineData("app.example.com", "https://app.example.com")]
    [InlineData("*.example.com", "https://*.example.com")]
    [InlineData("https://app.example.com/", "must end behind host or port: https://app.example.com")]
    [InlineData("https://app.example.com/path?x", "must end behind host or port: https://app.example.com")]
    [InlineData("https://", "no valid host")]
    [InlineData("https://*", "no valid host")]
    [InlineData("https://*.", "no valid host")]
    [InlineData("https://a.*.com", "no valid host")]
    [InlineData("https://*foo.com", "no valid host")]
    [InlineData("https://*.[::1]", "no valid host")]
    [InlineData("https://[::1", "no valid host")]
    [InlineData("https://user@example.com", "no valid host")]
    [InlineData("https://app.example.com:", "no valid port")]
    [InlineData("https://app.example.com:0", "no valid port")]
    [InlineData("https://app.example.com:65536", "no valid port")]
    [InlineData("ht tp://app.example.com", "no valid scheme")]
    [InlineData("null", "only * takes it")]
    [InlineData("", "needs a scheme")]
    public void RefuseOrigin_OfABadEntry_SaysHowToMendIt(string entry, string fix)
    {
        Assert.Contains(fix, CorsPolicy.RefuseOrigin(entry), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => CorsPolicy.Compile(new CorsOptions { AllowOrigins = [entry] }));
    }

    [Fact]
    public void Write_ForAnAllowedOrigin_EchoesItAndVaries()
        => Assert.Equal(
            """
            Access-Control-Allow-Origin: https://a.foo.com
            Access-Control-Expose-Headers: X-Ca-Request-Id, X-Ca-Error-Code, X-Ca-Error-Message
            Vary: Origin

            """,
            Marked(Strict, "https://a.foo.com"));

    [Fact]
    public void Write_ForAnotherOriginOrNone_OnlyVaries()
    {
        Assert.Equal("Vary: Origin\n", Marked(Strict, "https://evil.example"));
        Assert.Equal("Vary: Origin\n", Marked(Strict, default));
    }

    [Fact]
    public void Write_ForAnyOrigin_GivesTheStar_AndDoesNotVary()
        => Assert.Equal("Access-Control-Allow-Origin: *\n", Marked(new CorsOptions { ExposeHeaders = [] }, "https://a.example"));

    [Fact]
    public void Write_WithCredentials_NeverGivesTheStar()
    {
        Assert.Equal(
            "Access-Control-Allow-Credentials: true\nAccess-Control-Allow-Origin: https://a.foo.com\nVary: Origin\n",
            Marked(Strict with { AllowCredentials = true, ExposeHeaders = [] }, "https://a.foo.com"));
        Assert.DoesNotContain("*", Marked(new CorsOptions { AllowCredentials = true }, "https://a.foo.com"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://a.foo.com", true)]
    [InlineData("https://evil.example", false)]
    public void Write_OverABackendsOwn_ReplacesAllOfIt(string origin, bool isAllowed)
    {
        var text = Marked(Strict, origin, static headers =>
        {
            headers.AccessControlAllowOrigin = new StringValues(["*", "https://backend.example"]);
            headers.AccessControlAllowCredentials = "true";
            headers.AccessControlAllowMethods = "DELETE";
            headers.AccessControlAllowHeaders = "X-Backend";
            headers.AccessControlExposeHeaders = "X-Backend";
            headers.AccessControlMaxAge = "1";
        });

        Assert.Equal(isAllowed ? Marked(Strict, origin) : "Vary: Origin\n", text);
    }

    [Theory]
    [InlineData("Accept-Encoding", "Accept-Encoding | Origin")]
    [InlineData("Accept-Encoding, origin", "Accept-Encoding, origin")]
    [InlineData("Origin", "Origin")]
    [InlineData("*", "*")]
    [InlineData("X-Origin", "X-Origin | Origin")]
    public void Write_BesideABackendsVary_AddsToIt(string backend, string expected)
        => Assert.Equal($"Vary: {expected}\n", Marked(Strict, default, headers => headers.Vary = backend));

    [Fact]
    public void WritePreflight_GivesTheLists()
        => Assert.Equal(
            """
            Access-Control-Allow-Headers: X-A, X-B
            Access-Control-Allow-Methods: GET, PUT
            Access-Control-Allow-Origin: https://a.foo.com
            Access-Control-Max-Age: 172800
            Vary: Origin

            """,
            Answered(Strict, "https://a.foo.com", "x-c"));

    [Theory]
    [InlineData("x-one,x-two", "x-one,x-two")]
    [InlineData("x-one, X_Two", "x-one, X_Two")]
    [InlineData("x-one;q=1", null)]
    [InlineData("x-one: evil", null)]
    [InlineData("x-ö", null)]
    [InlineData("", null)]
    public void WritePreflight_WithAnyHeader_GivesBackWhatIsAskedFor_IfItCanBeHeaders(string asked, string? given)
        => Assert.Equal(
            (given is null ? "" : $"Access-Control-Allow-Headers: {given}\n")
                + "Access-Control-Allow-Methods: GET\nAccess-Control-Allow-Origin: *\nAccess-Control-Max-Age: 60\nVary: Access-Control-Request-Headers\n",
            Answered(new CorsOptions { AllowHeaders = ["*"], AllowMethods = ["GET"], MaxAge = TimeSpan.FromMinutes(1) }, "https://a.example", asked));

    [Fact]
    public void WritePreflight_WithAnyHeader_IsBounded()
        => Assert.DoesNotContain("Allow-Headers", Answered(new CorsOptions { AllowHeaders = ["*"] }, "https://a.example", new string('x', 5000)), StringComparison.Ordinal);
}
