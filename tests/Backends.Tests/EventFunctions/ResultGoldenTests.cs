using Gateway.TestSupport;

namespace Gateway.Backends.Tests.EventFunctions;

/// <summary>Every result in Golden/results gives the answer that lies beside it.</summary>
public sealed class ResultGoldenTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Backends.Tests", "EventFunctions", "Golden", "results");

    public static TheoryData<string> Names
        => [.. Directory.GetFiles(Folder, "*.json").Select(static file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Result_OfAFunction_GivesItsGoldenAnswer(string name)
    {
        var result = await File.ReadAllBytesAsync(Path.Combine(Folder, name + ".json"), TestContext.Current.CancellationToken);

        var answer = await FunctionAnswer.OfResultAsync(result);

        Golden.MatchesFile(Path.Combine(Folder, name + ".txt"), answer.ToString());
    }
}
