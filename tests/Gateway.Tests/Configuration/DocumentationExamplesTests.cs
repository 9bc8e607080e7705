using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Gateway.Commands.Routes;
using Gateway.Configuration;
using Gateway.Samples;
using Gateway.TestSupport;

namespace Gateway.Tests.Configuration;

/// <summary>What the documentation shows can be served, and the files in the repository can be served with what the README names.</summary>
public partial class DocumentationExamplesTests
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    public static TheoryData<string, int> Examples => [.. Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md")
        .Order(StringComparer.Ordinal)
        .SelectMany(static file => Enumerable.Range(0, Blocks(file).Length).Select(index => (Path.GetFileName(file), index)))];

    /// <summary>Every block that is a configuration of its own. What only shows a part of one, for a stage's file, has no <c>Type</c> at a backend.</summary>
    [Theory]
    [MemberData(nameof(Examples))]
    public void Example_OfTheDocumentation_CanBeServed(string document, int index)
    {
        var block = Blocks(Path.Combine(Repository.Root, "docs", document))[index];

        var configuration = Loading.LoadValid(block, source => source with
        {
            Environment = "Development",
            EnvironmentVariables = MissingSecrets(block),
            BuiltInFunctions = SampleFunctions.All.ToDictionary(static function => function.Name, static function => function.Kind),
        });

        GatewayCompiler.Compile(configuration, static (_, _) => new Uri("http://localhost"));
    }

    [Fact]
    public void Policies_Documentation_HasAnExampleOfEachTypeAndKey()
    {
        var text = string.Concat(Blocks(Path.Combine(Repository.Root, "docs", "policies.md")));

        Assert.All(
            (string[])["IpAccess", "Throttling", "Cors", "TrustedProxies", "PerApi", "PerApp", "PerIp", "Rules", "Concurrency", "SystemParameters", "ExpiresAt", "PreviousUntil", "RequireNonce", "StrictSignature", "HeaderOrQuery"],
            key => Assert.Contains(key, text, StringComparison.Ordinal));
    }

    /// <summary>The string-to-sign that client authors start from, and the signature beside it, belong together.</summary>
    [Fact]
    public void Policies_SignedExample_IsSigned()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "policies.md"));
        var example = SignedExample().Match(text);
        var secret = Encoding.UTF8.GetBytes("an-example-of-a-secret");

        Assert.Contains("\"AppSecret\": \"an-example-of-a-secret\"", text, StringComparison.Ordinal);
        Assert.Equal(
            Convert.ToBase64String(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(example.Groups["text"].Value))),
            example.Groups["signature"].Value);
    }

    [Theory]
    [InlineData("Test")]
    [InlineData("Pre")]
    [InlineData("Production")]
    public void StageFile_OfTheRepository_IsValidWithTheVariablesOfTheReadme(string stage)
    {
        var source = CommittedFiles() with { Environment = stage };

        var configuration = ConfigurationLoader.Load(source with { EnvironmentVariables = ReadmeVariables() });
        Assert.Empty(configuration.Problems);
        Assert.Contains("storefront", ApiListing.WriteTable(configuration.Configuration!), StringComparison.Ordinal);

        // Without them it is not, so the README's list is not longer than it must be.
        Assert.Equal(ReadmeVariables().Count, ConfigurationLoader.Load(source).Problems.Count);
    }

    [Fact]
    public void StageFile_OfDevelopment_IsValidAsItIs() => Assert.Empty(ConfigurationLoader.Load(CommittedFiles() with { Environment = "Development" }).Problems);

    private static ConfigurationSource CommittedFiles() => new()
    {
        Folder = Repository.Root,
        Environment = "Production",
        SecretsFolder = Path.Combine(Repository.Root, "no-such-folder"),
        EnvironmentVariables = new Dictionary<string, string>(),
        BuiltInFunctions = SampleFunctions.All.ToDictionary(static function => function.Name, static function => function.Kind),
    };

    private static Dictionary<string, string> ReadmeVariables()
        => Variable().Matches(StageParagraph().Match(File.ReadAllText(Path.Combine(Repository.Root, "README.md"))).Value)
            .Select(static match => match.Value)
            .Distinct()
            .ToDictionary(static name => name, static _ => "any-value");

    /// <summary>Variables for AppSecrets that an example leaves, as it should, to the environment.</summary>
    private static Dictionary<string, string> MissingSecrets(string json)
        => (JsonNode.Parse(json, documentOptions: Lenient)!["Gateway"]!["Apps"]?.AsObject() ?? [])
            .Where(static app => app.Value!["AppKey"] is not null && app.Value["AppSecret"] is null)
            .ToDictionary(static app => $"Gateway__Apps__{app.Key}__AppSecret", static _ => "from the environment");

    private static string[] Blocks(string file)
        => [.. JsonBlock().Matches(File.ReadAllText(file)).Select(static match => match.Groups["json"].Value).Where(IsWhole)];

    private static bool IsWhole(string json)
        => JsonNode.Parse(json, documentOptions: Lenient) is JsonObject root && root["Gateway"] is JsonObject gateway
            && (gateway["Backends"]?.AsObject() ?? []).All(static backend => backend.Value!["Type"] is not null);

    [GeneratedRegex("^```jsonc?\n(?<json>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex JsonBlock();

    [GeneratedRegex("<!-- signed example.*?```text\n(?<text>.*?)\n```.*?X-Ca-Signature: (?<signature>[^']+)'", RegexOptions.Singleline)]
    private static partial Regex SignedExample();

    /// <summary>The README's paragraph on what the stage files need.</summary>
    [GeneratedRegex("^The example files of the three stages.*?\n\n", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex StageParagraph();

    [GeneratedRegex("Gateway__[A-Za-z0-9_]*[A-Za-z0-9]")]
    private static partial Regex Variable();
}
