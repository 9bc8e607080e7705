using System.Text.RegularExpressions;
using Gateway.TestSupport;

namespace Gateway.Backends.Tests.EventFunctions;

/// <summary>docs/events.md has a row for every golden file, and a golden file for every row.</summary>
public sealed partial class EventDocumentationTests
{
    private static readonly string Golden = Path.Combine(Repository.Root, "tests", "Backends.Tests", "EventFunctions", "Golden");

    [Theory]
    [InlineData("events", "*.http")]
    [InlineData("events", "*.json")]
    [InlineData("results", "*.json")]
    [InlineData("results", "*.txt")]
    public void Rows_OfTheDocumentation_AreTheGoldenFiles(string folder, string pattern)
    {
        var files = Directory.GetFiles(Path.Combine(Golden, folder), pattern).Select(static file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal);
        var rows = Row().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "events.md")))
            .Where(match => match.Groups["folder"].Value == folder)
            .Select(static match => match.Groups["name"].Value)
            .Order(StringComparer.Ordinal);

        Assert.Equal(files, rows);
    }

    [GeneratedRegex(@"^\| .+ \| `(?<folder>events|results)/(?<name>[^`]+)` \|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
