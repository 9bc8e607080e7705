using CsCheck;
using Gateway.Routing;

namespace Gateway.Tests.Routing;

public class PathRulesTests
{
    private static readonly string[] Parts = ["/", ".", "..", "%2e", "%2E", "%25", "2e", "%252e", "%5c", "%00", "a", ";", "%3b", "%2f", "%c3%a9", "\\"];

    /// <summary>Spellings by which a path was smuggled past some gateway.</summary>
    public static TheoryData<string> Hostile =>
    [
        "/..", "/../admin", "/a/../admin", "/a/..", "/./admin", "/a/.", "/a/./b",
        "/%2e%2e/admin", "/%2E%2E/admin", "/.%2e/admin", "/%2e./admin", "/%2e/admin", "/a/%2e", "/a/%2E%2e",
        "/%252e%252e/admin", "/%252E%252E/admin", "/.%252e/admin", "/%252e/admin", "/%25%32%65%25%32%65/admin",
        "/..;/admin", "/..;x=y/admin", "/.;/admin", "/a/..;", "/%2e%2e;/admin", "/..%3b/admin", "/%2e%2e%3bx/admin",
        "/..%2fadmin", "/..%2Fadmin", "/%2e%2e%2fadmin", "/a%2f..", "/a%2f../b", "/a%2F..%2Fb", "/%2e%2e%252fadmin", "/..%255cadmin",
        "//admin", "/a//admin", "///", "/admin//", "//", "/%2f/../admin",
        "/\\admin", "/a\\b", "/..\\admin", "/%5cadmin", "/a%5Cb", "/..%5cadmin", "/..%5Cadmin",
        "/admin#", "/#/admin", "/admin#x",
        "/admin%00", "/%00admin", "/a%0d%0ab", "/a%09b", "/a%1fb", "/a%7fb", "/a b", "/a\tb", "/a\rb", "/a\nb", "/a\0b", "/a\u007fb",
        "/é", "/a\u00a0b", "/a\u0100b",
        "/%", "/%2", "/%zz", "/a%", "/a%2g", "/%c0%ae%c0%ae/admin", "/%ff", "/%c3", "/%ed%a0%80", "/%u002e%u002e/admin",
    ];

    public static TheoryData<string> Harmless =>
    [
        "/", "/a", "/a/", "/a.b", "/...", "/a..b", "/..a", "/a/b;c=d", "/%61dmin", "/caf%C3%A9", "/a%20b", "/a%25b", "/a%2Bb", "/a+b", "/~user",
        "/a=b&c", "/@:!$'()*,", "/a%3Fb", "/a%23b", "/a%252Fb", "/%E4%B8%AD%20%E6%96%87/x", "/a|b", "/a\"b", "/<x>", "/a^`{}",
    ];

    [Theory]
    [MemberData(nameof(Hostile))]
    public void FindProblem_HostileSpelling_IsRefused(string path) => Assert.NotNull(PathRules.FindProblem(path, out _));

    [Theory]
    [MemberData(nameof(Harmless))]
    public void FindProblem_OrdinaryPath_IsLeftAlone(string path)
    {
        Assert.Null(PathRules.FindProblem(path, out var hasEncodedSlash));
        Assert.False(hasEncodedSlash);
    }

    [Theory]
    [InlineData("/a%2Fb")]
    [InlineData("/a%2fb")]
    [InlineData("/%2F")]
    public void FindProblem_EncodedSlash_IsReportedForTheApiToDecide(string path)
    {
        Assert.Null(PathRules.FindProblem(path, out var hasEncodedSlash));
        Assert.True(hasEncodedSlash);
    }

    /// <summary>Whatever a backend decodes, once or twice, an accepted path never holds a dot segment, a backslash or a control byte.</summary>
    [Fact]
    public void FindProblem_AcceptedPath_StaysHarmlessWhenDecodedTwice()
        => Gen.Int[0, Parts.Length - 1].Select(static index => Parts[index]).Array[0, 8].Sample(parts =>
        {
            var path = "/" + string.Concat(parts);
            if (PathRules.FindProblem(path, out _) is not null)
            {
                return;
            }

            var once = Uri.UnescapeDataString(path);
            foreach (var decoded in new[] { path, once, Uri.UnescapeDataString(once) })
            {
                Assert.DoesNotContain(decoded.Split('/'), static segment => segment.Split(';')[0] is "." or "..");
            }

            Assert.DoesNotContain('\\', once);
            Assert.DoesNotContain(once, char.IsControl);
        });
}
