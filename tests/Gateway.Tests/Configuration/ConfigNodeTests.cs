using System.Text;
using CsCheck;
using Gateway.Configuration;
using Gateway.Configuration.Reading;

namespace Gateway.Tests.Configuration;

public class ConfigNodeTests
{
    [Fact]
    public void Fingerprint_KeysInAnotherOrder_IsTheSame()
        => Assert.Equal(Print("""{ "a": 1, "b": { "c": 2 } }"""), Print("""{ "b": { "c": 2 }, "a": 1 }"""));

    [Fact]
    public void Fingerprint_Is32LowerCaseHexDigits() => Assert.Matches("^[0-9a-f]{32}$", Print("{}"));

    [Theory]
    [InlineData("""{ "a": "1" }""", """{ "a": "2" }""")]
    [InlineData("""{ "a": {} }""", """{ "a": null }""")]
    [InlineData("""{ "a": {} }""", """{ "a": [] }""")]
    [InlineData("""{ "a": "" }""", """{ "a": null }""")]
    [InlineData("""{ "a": "b" }""", """{ "ab": "" }""")]
    [InlineData("""{ "a": [ "1", "2" ] }""", """{ "a": [ "2", "1" ] }""")]
    [InlineData("""{ "a": [ "12" ] }""", """{ "a": [ "1", "2" ] }""")]
    [InlineData("""{ "a": { "b": "1" }, "c": "2" }""", """{ "a": { "b": "1", "c": "2" } }""")]
    [InlineData("""{ "Retry-After": "1" }""", """{ "retry-after": "1" }""")]
    public void Fingerprint_AnyDifference_Changes(string one, string other) => Assert.NotEqual(Print(one), Print(other));

    [Fact]
    public void Fingerprint_AnyValueChanged_Changes()
        => Gen.Select(Gen.String, Gen.String, Gen.Int[0, 5]).Where(static (a, b, _) => a != b).Sample(static (a, b, depth) =>
            Assert.NotEqual(Nest(a, depth).Fingerprint(), Nest(b, depth).Fingerprint()));

    [Fact]
    public void Nearest_PathThatExistsInPart_GivesTheDeepestNode()
    {
        var root = Parse("""{ "Gateway": { "Groups": { "shop": {} } } }""");

        Assert.Equal("Gateway:Groups:shop", root.Nearest("gateway:GROUPS:shop:Apis:x").Path);
        Assert.Equal("", root.Nearest("Other").Path);
    }

    [Fact]
    public void Child_KeyThatIsTheEndOfAnother_IsNotFound() => Assert.Null(Parse("""{ "MyStage": "1" }""").Child("Stage"));

    private static ConfigNode Nest(string text, int depth)
        => depth == 0
            ? ConfigNode.Value("x", default, text)
            : ConfigNode.Object("x", default, [Nest(text, depth - 1), ConfigNode.Value("y", default, "same")]);

    private static string Print(string json) => Parse(json).Fingerprint();

    private static ConfigNode Parse(string json)
        => JsonFileReader.Read(Encoding.UTF8.GetBytes(json), new ConfigOrigin(ConfigLayer.BaseFile, "a.json"), new ProblemList())!;
}
