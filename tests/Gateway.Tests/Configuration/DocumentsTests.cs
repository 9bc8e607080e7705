using System.Text;
using System.Text.Json.Nodes;
using Gateway.Configuration;
using Gateway.Configuration.Binding;
using Gateway.Configuration.Documents;
using Gateway.Configuration.Reading;
using Gateway.TestSupport;

namespace Gateway.Tests.Configuration;

public class DocumentsTests
{
    [Fact]
    public void Schema_Committed_IsWhatTheTypesSay() => Golden.MatchesFile(Path.Combine(Repository.Root, "gateway.schema.json"), SchemaGenerator.Generate());

    [Fact]
    public void Reference_Committed_IsWhatTheTypesSay()
    {
        var path = Path.Combine(Repository.Root, "docs", "configuration.md");

        Golden.MatchesFile(path, ConfigurationReference.Update(File.ReadAllText(path)));
    }

    [Fact]
    public void Options_EveryKey_HasASummary()
    {
        var documentation = new XmlDocumentation(markdown: false);

        Assert.All(AllKeys(), key => Assert.True(documentation.Summary(key.Property.Member).Length > 0, key.Property.Name));
    }

    [Fact]
    public void Options_EveryKeyButObjects_HasAnExampleThatBinds()
    {
        foreach (var (type, property) in AllKeys())
        {
            if (property.Type.Kind is OptionsKind.Record or OptionsKind.Variant
                || (property.Type.Kind == OptionsKind.Map && property.Type.Element!.Kind is OptionsKind.Record or OptionsKind.Variant))
            {
                continue;
            }

            var example = OptionsExamples.Find(type, property);
            Assert.True(example is not null, $"{type.ClrType.Name}.{property.Name} has no example.");

            var problems = new ProblemList();
            var json = Encoding.UTF8.GetBytes($"{{ \"{property.Name}\": {example} }}");
            var node = JsonFileReader.Read(json, new ConfigOrigin(ConfigLayer.BaseFile, "example.json"), problems)!;
            var record = typeof(OptionsBinder).GetMethod(nameof(OptionsBinder.Bind))!.MakeGenericMethod(type.ClrType).Invoke(new OptionsBinder(problems), [node]);

            Assert.Empty(problems.Sorted());
            Assert.NotNull(record);
        }
    }

    [Fact]
    public void Schema_Backend_KnowsItsKindsAndRefusesOtherKeys()
    {
        var definitions = JsonNode.Parse(SchemaGenerator.Generate())!["$defs"]!;

        Assert.Equal("EventFunction", (string?)definitions["EventFunction"]!["properties"]!["Type"]!["const"]);
        Assert.False((bool)definitions["EventFunction"]!["additionalProperties"]!);
        Assert.Equal("#/$defs/Mock", (string?)definitions["Backend"]!["allOf"]![2]!["then"]!["$ref"]);
        Assert.Equal(200, (int)definitions["Mock"]!["properties"]!["StatusCode"]!["minimum"]!);
        Assert.Equal("10s", (string?)definitions["WebFunction"]!["properties"]!["Timeout"]!["default"]);
    }

    [Fact]
    public void Schema_PolicyNames_TakeOneOrSeveralOrNull()
    {
        var throttling = JsonNode.Parse(SchemaGenerator.Generate())!["$defs"]!["PolicyReferences"]!["properties"]!["Throttling"]!;

        // { "anyOf": [ { "anyOf": [ text, list ] }, null ] }
        Assert.Equal("null", (string?)throttling["anyOf"]![1]!["type"]);
        Assert.Equal(["string", "array"], throttling["anyOf"]![0]!["anyOf"]!.AsArray().Select(static one => (string?)one!["type"]));
    }

    [Fact]
    public void Schema_Instant_IsADateWithTime()
    {
        var until = JsonNode.Parse(SchemaGenerator.Generate())!["$defs"]!["App"]!["properties"]!["PreviousUntil"]!;

        Assert.Equal("date-time", (string?)until["format"]);
        Assert.Equal(["string", "null"], until["type"]!.AsArray().Select(static one => (string?)one));
    }

    [Fact]
    public void Reference_OneOrMany_SaysSo()
        => Assert.Contains("| `Throttling` | text, or list of text | none |", ConfigurationReference.Generate(), StringComparison.Ordinal);

    [Fact]
    public void Reference_MarkersMissing_IsAnError() => Assert.Throws<FormatException>(static () => ConfigurationReference.Update("# Configuration"));

    private static IEnumerable<(OptionsType Type, OptionsProperty Property)> AllKeys() => KeysOf(OptionsType.For(typeof(GatewayOptions)));

    private static IEnumerable<(OptionsType Type, OptionsProperty Property)> KeysOf(OptionsType type)
        => type.Properties.Select(property => (type, property))
            .Concat(type.Properties.SelectMany(static property => KeysOf(property.Type)))
            .Concat(type.Variants.SelectMany(static variant => KeysOf(variant.Type)))
            .Concat(type.Element is { } element ? KeysOf(element) : []);
}
