using System.Globalization;
using System.Reflection;
using System.Text;
using Gateway.Contracts;
using Gateway.Errors;
using Gateway.TestSupport;

namespace Gateway.Tests.Errors;

public class ErrorDocumentationTests
{
    private static GatewayError[] Catalogue => [.. typeof(GatewayError)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Where(static member => member.FieldType == typeof(GatewayError))
        .Select(static member => (GatewayError)member.GetValue(null)!)];

    [Fact]
    public void Catalogue_ComparedWithTheDocument_IsTheSame()
    {
        var documented = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "errors.md"))
            .Where(static line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(static line => string.Join(" | ", line.Split(" | ").Take(3)))
            .ToArray();
        var expected = Catalogue.Select(static error => string.Create(CultureInfo.InvariantCulture, $"| `{error.Code}` | {error.Status} | {error.Message}")).ToArray();

        Assert.Equal(expected, documented);
    }

    [Fact]
    public void Bodies_OfEveryError_AreGolden()
        => Golden.Matches(
            "error-bodies.txt",
            string.Concat(Catalogue.Select(static error =>
                Encoding.UTF8.GetString(ErrorAnswer.WriteBody(error, error.Status, error.Describe("detail é \"1\""), "7AD052CB-EE8B-4DFD-BBAF-EFB340E0A5AF").Span) + "\n")));

    [Fact]
    public void Catalogue_Codes_AreUniqueAndWellFormed()
    {
        Assert.Equal(Catalogue.Length, Catalogue.Select(static error => error.Code).Distinct().Count());
        Assert.All(Catalogue, static error => Assert.Matches("^[A-Z][0-9]{3}[A-Z][A-Z0-9]$", error.Code));
        Assert.All(Catalogue, static error => Assert.InRange(error.Status, 400, 599));
    }

    [Theory]
    [InlineData("a\r\nSet-Cookie: x", "Invalid Header a##Set-Cookie: x")]
    [InlineData(null, "Invalid Header ")]
    [InlineData("é", "Invalid Header é")]
    public void Describe_HostileDetail_CannotBreakAHeader(string? detail, string expected) => Assert.Equal(expected, GatewayError.InvalidHeader.Describe(detail));

    [Fact]
    public void Describe_EndlessDetail_IsCut() => Assert.True(GatewayError.ApiNotFound.Describe(new string('a', 100_000)).Length < 4200);
}
