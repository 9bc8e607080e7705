using System.Diagnostics;
using System.Globalization;
using Gateway.Contracts;
using Gateway.Policies;
using Gateway.Routing;

namespace Gateway.Tests.Routing;

public class RouteTableTests
{
    [Theory]
    [InlineData("/hello/[name]", "/hello/ann", true)]
    [InlineData("/hello/[name]", "/hello/", false)] // one non-empty segment
    [InlineData("/hello/[name]", "/hello", false)]
    [InlineData("/hello/[name]", "/hello/ann/", false)] // a trailing slash is a segment of its own
    [InlineData("/hello/[name]", "/hello/a%2Fb", true)] // %2F is no separator
    [InlineData("/hello/[name]", "/Hello/ann", false)]
    [InlineData("/a/*", "/a", false)]
    [InlineData("/a/*", "/a/", true)]
    [InlineData("/a/*", "/a/b", true)]
    [InlineData("/a/*", "/a/b/c/", true)]
    [InlineData("/a/[x]/*", "/a/b", false)]
    [InlineData("/a/[x]/*", "/a/b/", true)]
    [InlineData("/*", "/", true)]
    [InlineData("/*", "/anything/at/all", true)]
    [InlineData("/", "/", true)]
    [InlineData("/", "/x", false)]
    [InlineData("/admin", "/admin", true)]
    [InlineData("/admin", "/%61dmin", true)]
    [InlineData("/admin", "/%61%64min", true)]
    [InlineData("/admin", "/ADMIN", false)]
    [InlineData("/admin", "/admin/", false)]
    [InlineData("/admin", "/admin%00", false)]
    [InlineData("/caf%C3%A9", "/caf%c3%a9", true)]
    [InlineData("/café", "/caf%C3%A9", true)]
    [InlineData("/a%2Fb", "/a%2Fb", true)]
    [InlineData("/a%2Fb", "/a/b", false)]
    [InlineData("/a b", "/a%20b", true)]
    [InlineData("/a+b", "/a+b", true)] // + is no space in a path
    [InlineData("/a+b", "/a%20b", false)]
    public void Match_Path_IsDecidedSegmentBySegment(string template, string path, bool matches)
    {
        var table = new RouteTable([CreateApi("only", template)]);

        Assert.Equal(matches, table.Match("any", path, "GET").Api is not null);
    }

    [Theory]
    [InlineData("/x/literal", "literal")]
    [InlineData("/x/other", "parameter")]
    [InlineData("/x/other/deep", "tail")]
    [InlineData("/x/literal/deep", "tail")]
    [InlineData("/y", "root")]
    public void Match_SeveralFit_PrefersLiteralThenParameterThenTail(string path, string expected)
    {
        var table = new RouteTable([CreateApi("root", "/*"), CreateApi("tail", "/x/*"), CreateApi("parameter", "/x/[id]"), CreateApi("literal", "/x/literal")]);

        Assert.Equal(expected, table.Match("any", path, "GET").Api?.Id);
    }

    [Fact]
    public void Match_BestPathLeadsNowhere_GoesBack()
    {
        var table = new RouteTable([CreateApi("deep", "/a/b/c"), CreateApi("parameter", "/a/[x]/d"), CreateApi("tail", "/a/*")]);

        Assert.Equal("parameter", table.Match("any", "/a/b/d", "GET").Api?.Id);
        Assert.Equal("tail", table.Match("any", "/a/b/e", "GET").Api?.Id);
    }

    [Fact]
    public void Match_MethodDoesNotFitBestPath_TakesNextPath()
    {
        var table = new RouteTable([CreateApi("post", "/x/literal", methods: ["POST"]), CreateApi("any", "/x/[id]")]);

        Assert.Equal("post", table.Match("any", "/x/literal", "POST").Api?.Id);
        Assert.Equal("any", table.Match("any", "/x/literal", "GET").Api?.Id);
    }

    [Fact]
    public void Match_SpecificMethodAndAny_PrefersSpecific()
    {
        var table = new RouteTable([CreateApi("any", "/x"), CreateApi("get", "/x", methods: ["GET", "HEAD"])]);

        Assert.Equal("get", table.Match("any", "/x", "GET").Api?.Id);
        Assert.Equal("get", table.Match("any", "/x", "HEAD").Api?.Id);
        Assert.Equal("any", table.Match("any", "/x", "PURGE").Api?.Id);
    }

    [Fact]
    public void Match_OnlyGet_RefusesHead()
        => Assert.Null(new RouteTable([CreateApi("get", "/x", methods: ["GET"])]).Match("any", "/x", "HEAD").Api);

    [Theory]
    [InlineData("api.example.com", "exact")]
    [InlineData("API.Example.COM:8443", "exact")]
    [InlineData("x.example.com", "suffix")]
    [InlineData("y.x.example.com", "long-suffix")]
    [InlineData("example.com", "open")] // *.suffix needs a label before it
    [InlineData("evil-api.example.com.attacker.net", "open")] // whole host, never a substring
    [InlineData("[::1]:8080", "open")]
    [InlineData("", "open")]
    public void Match_Host_PrefersExactThenLongestSuffixThenOpenGroups(string host, string expected)
    {
        var table = new RouteTable(
        [
            CreateApi("open", "/x"), CreateApi("exact", "/x", hosts: ["api.example.com"]),
            CreateApi("suffix", "/x", hosts: ["*.example.com"]), CreateApi("long-suffix", "/x", hosts: ["*.x.example.com"]),
        ]);

        Assert.Equal(expected, table.Match(host, "/x", "GET").Api?.Id);
    }

    [Fact]
    public void Match_PathOnlyInOpenGroup_FallsBackToIt()
    {
        var table = new RouteTable([CreateApi("open", "/shared"), CreateApi("exact", "/own", hosts: ["api.example.com"])]);

        Assert.Equal("open", table.Match("api.example.com", "/shared", "GET").Api?.Id);
    }

    [Fact]
    public void Match_NoGroupTakesHost_SaysSo()
    {
        var table = new RouteTable([CreateApi("exact", "/x", hosts: ["api.example.com"])]);

        Assert.False(table.Match("other.example.com", "/x", "GET").IsHostKnown);
        Assert.True(table.Match("api.example.com", "/nothing", "GET").IsHostKnown);
    }

    [Fact]
    public void Match_IPv6Host_IgnoresPortOnly()
    {
        var table = new RouteTable([CreateApi("six", "/x", hosts: ["[::1]"])]);

        Assert.Equal("six", table.Match("[::1]:8080", "/x", "GET").Api?.Id);
        Assert.Equal("six", table.Match("[::1]", "/x", "GET").Api?.Id);
    }

    [Fact]
    public void Match_TenThousandApis_VisitsOnlyThePathsSegments()
    {
        var few = new RouteTable(Enumerable.Range(0, 10).Select(CreateNumbered));
        var many = new RouteTable(Enumerable.Range(0, 10_000).Select(CreateNumbered));

        Assert.Equal("9999", many.Match("any", "/service/9999/items/7", "GET").Api?.Id);
        Assert.InRange(Best(many, "/service/9999/items/7") / Best(few, "/service/9/items/7"), 0, 10); // Same work; a scan would be 1,000 times slower.
    }

    private static double Best(RouteTable table, string path)
        => Enumerable.Range(0, 20).Min(_ =>
        {
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < 1_000; i++)
            {
                table.Match("any", path, "GET");
            }

            return Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        });

    private static Api CreateNumbered(int number) => CreateApi(number.ToString(CultureInfo.InvariantCulture), $"/service/{number}/items/[id]");

    private static Api CreateApi(string id, string template, string[]? methods = null, string[]? hosts = null)
    {
        Assert.True(PathTemplate.TryParse(template, out var path, out var problem), problem);
        return new Api
        {
            Labels = ApiLabels.Unmatched(stage: null),
            Id = id,
            Path = path!,
            Methods = methods ?? [RouteTable.AnyMethod],
            Hosts = hosts ?? [],
            AllowEncodedSlash = false,
            BackendName = "b",
            Policy = new ApiPolicy { ApiId = id, AllowHttp = true, AllowHttps = true, Stage = null, MaxRequestBody = 0 },
        };
    }
}
