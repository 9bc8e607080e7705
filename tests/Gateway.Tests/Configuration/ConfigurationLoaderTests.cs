using System.Text;
using CsCheck;
using Gateway.Backends;
using Gateway.Commands.Routes;
using Gateway.Configuration;
using Gateway.TestSupport;

namespace Gateway.Tests.Configuration;

public class ConfigurationLoaderTests
{
    /// <summary>Ten mistakes of ten kinds, three of them in the stage's file, one in a variable.</summary>
    private const string TenMistakes = """
        {
          "Gateway": {
            "Backends": {
              "hello": { "Type": "EventFunction", "Address": "https://123.fc.example.com", "Tiemout": "3s" },
              "shop": { "Type": "WebFunktion", "Address": "http://shop" },
              "site": { "Type": "WebFunction", "Address": "http://site", "Timeout": "30s",
                        "Credentials": { "AccessKeyId": "id" } }
            },
            "Groups": {
              "main": {
                "Apis": {
                  "greet": { "Path": "/hello/[name]", "Backend": "helo", "Auth": "None" },
                  "shop": { "Path": "/shop/*", "Methods": [ "get" ], "Backend": "shop", "Auth": "None" },
                  "twin": { "Path": "/shop/*", "Methods": [ "POST" ], "Backend": "site", "Auth": "None" }
                }
              }
            }
          }
        }
        """;

    private const string TenMistakesStage = """
        {
          "Gateway": {
            "Backends": { "site": { "Timeout": 10 } },
            "TrustedProxies": [ "0.0.0.0/0" ],
            "Groups": { "main": { "Apis": { "shop": { "Auth": "App" }, "copy": { "Path": "/shop/*", "Methods": [ "POST" ], "Backend": "hello", "Auth": "None" } } } }
          }
        }
        """;

    private static readonly string[] Insertions =
        ["null", "{}", "[]", "0", "-1", "\"\"", "\"x\"", "true", ",", ":", "}", "{", "\"", "//", "/*", "é", "\\u0000", "[null]", "{\"a\":null}"];

    [Fact]
    public void Load_ValidFile_GivesOptionsAndTree()
    {
        var configuration = Loading.LoadValid(Loading.Valid);

        Assert.Equal(["event", "web", "down"], configuration.Options.Backends.Keys);
        Assert.Equal(TimeSpan.FromSeconds(30), ((WebFunctionOptions)configuration.Options.Backends["web"]).Timeout);
        Assert.Equal(TimeSpan.FromSeconds(3), configuration.Options.Groups["SHOP"].Apis["Files"].Timeout);
        Assert.Equal("60", configuration.Root.Nearest("Gateway:Backends:down:Headers:Retry-After").Text);
        Assert.Equal(("Production", "RELEASE", false), (configuration.Environment, configuration.Stage, configuration.IsDevelopment));
    }

    [Fact]
    public void Load_TenMistakes_ReportsAllTen()
    {
        using var folder = new ConfigurationFolder(TenMistakes);
        folder.Write("appsettings.Test.json", TenMistakesStage);
        var source = folder.Source with
        {
            Environment = "Test",
            EnvironmentVariables = new Dictionary<string, string> { ["Gateway__Limits__Url"] = "1GB" },
        };

        var problems = ConfigurationLoader.Load(source).Problems;

        Assert.Equal(10, problems.Count);
        Golden.Matches("ten-mistakes.txt", ProblemReport.Write(problems, "Test", ReportOccasion.Start));
    }

    [Theory]
    [InlineData(0, "Nothing was started.")]
    [InlineData(1, "Nothing was changed: the last good configuration keeps serving.")]
    [InlineData(2, "These files cannot be served.")]
    public void Report_Occasion_SaysWhatFollows(int occasion, string expected)
    {
        var report = ProblemReport.Write([new Problem("Gateway", default, "is wrong.")], "Production", (ReportOccasion)occasion);

        Assert.Contains(": 1 problem\n", report, StringComparison.Ordinal);
        Assert.Contains(expected, report, StringComparison.Ordinal);
    }

    [Fact]
    public void Report_LineBreakInAKeyOrMessage_StartsNoLine()
        => Assert.DoesNotContain("\nforged", ProblemReport.Write([new Problem("a\nforged", default, "b\nforged.")], "Production", ReportOccasion.Start), StringComparison.Ordinal);

    [Fact]
    public void Load_SameFilesTwice_GivesTheSameFingerprint()
        => Assert.Equal(Loading.LoadValid(Loading.Valid).Root.Fingerprint(), Loading.LoadValid(Loading.Valid).Root.Fingerprint());

    [Theory]
    [InlineData(Loading.Valid)]
    [InlineData(Loading.ValidPolicies)]
    public void Load_AnyMutationOfAValidFile_NeverThrows(string text)
    {
        using var folder = new ConfigurationFolder();
        var valid = Encoding.UTF8.GetBytes(text);
        var edit = Gen.Select(Gen.Int[0, valid.Length - 1], Gen.Int[0, 12], Gen.OneOf(
            Gen.Int[0, Insertions.Length - 1].Select(static index => Encoding.UTF8.GetBytes(Insertions[index])),
            Gen.Byte.Array[0, 4]));

        edit.Array[1, 3].Sample(
            edits =>
            {
                var bytes = valid.ToList();
                foreach (var (at, removed, inserted) in edits)
                {
                    var start = Math.Min(at, bytes.Count);
                    bytes.RemoveRange(start, Math.Min(removed, bytes.Count - start));
                    bytes.InsertRange(start, inserted);
                }

                AssertSound(folder, [.. bytes]);
            },
            iter: 600,
            threads: 1);
    }

    [Theory]
    [InlineData(Loading.Valid)]
    [InlineData(Loading.ValidPolicies)]
    public void Load_AnyValueOfAValidFileReplaced_NeverThrows(string text)
    {
        // Mutations of bytes mostly break the syntax; these keep it and break the shape.
        string[] values = ["null", "{}", "[]", "0", "-1", "\"\"", "\"x\"", "true", "[null]", "{\"a\":null}", "[{}]", "\"10\"", "\"/\"", "\"http://\"", "1e999"];
        using var folder = new ConfigurationFolder();
        var tokens = Tokens(text);
        foreach (var (start, length) in tokens)
        {
            foreach (var value in values)
            {
                AssertSound(folder, Encoding.UTF8.GetBytes(string.Concat(text.AsSpan(0, start), value, text.AsSpan(start + length))));
            }
        }

        Assert.True(tokens.Count > 40);
    }

    private static void AssertSound(ConfigurationFolder folder, byte[] json)
    {
        File.WriteAllBytes(folder.PathOf(ConfigurationSource.BaseFileName), json);
        var result = ConfigurationLoader.Load(folder.Source);
        if (result.Configuration is { } configuration)
        {
            GatewayCompiler.Compile(configuration, static (_, _) => new Uri("http://localhost"));
            ApiListing.WriteTable(configuration);
            ApiListing.WriteJson(configuration);
        }

        Assert.NotEqual(result.IsValid, result.Problems.Count > 0);
        Assert.All(result.Problems, static problem => Assert.EndsWith(".", problem.Message.Replace("?", ".", StringComparison.Ordinal), StringComparison.Ordinal));
    }

    /// <summary>Places of all values, containers included.</summary>
    private static List<(int Start, int Length)> Tokens(string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var reader = new System.Text.Json.Utf8JsonReader(bytes);
        var tokens = new List<(int, int)>();
        while (reader.Read())
        {
            if (reader.TokenType is not (System.Text.Json.JsonTokenType.PropertyName or System.Text.Json.JsonTokenType.EndArray or System.Text.Json.JsonTokenType.EndObject))
            {
                var start = (int)reader.TokenStartIndex;
                var copy = reader;
                copy.Skip();
                tokens.Add((start, (int)copy.BytesConsumed - start));
            }
        }

        return tokens;
    }
}
