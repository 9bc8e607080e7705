using System.ComponentModel.DataAnnotations;
using System.Text;
using System.Text.Json.Serialization;
using CsCheck;
using Gateway.Configuration;
using Gateway.Configuration.Binding;
using Gateway.Configuration.Reading;
using Gateway.Contracts;

namespace Gateway.Tests.Configuration;

public class OptionsBinderTests
{
    [Fact]
    public void Bind_EveryKind_GivesItsValue()
    {
        var sample = BindValid("""
            {
              "text": "a", "FLAG": true, "Count": 3, "Large": "9000000000", "Choice": "two", "Wait": "500ms", "Size": "8MB",
              "List": [ "a", "b" ], "Numbers": { "x": 1 }, "Part": { "Depth": 7 }, "Shape": { "Type": "Circle", "Radius": 4 }
            }
            """);

        Assert.Equal(("a", true, 3, 9_000_000_000L), (sample.Text, sample.Flag, sample.Count, sample.Large));
        Assert.Equal((Choice.Two, TimeSpan.FromMilliseconds(500), new ByteSize(8 << 20)), (sample.Choice, sample.Wait, sample.Size));
        Assert.Equal(["a", "b"], sample.List);
        Assert.Equal(1, sample.Numbers["X"]);
        Assert.Equal(7, sample.Part!.Depth);
        Assert.Equal(4, Assert.IsType<Circle>(sample.Shape).Radius);
    }

    [Fact]
    public void Bind_NothingWritten_GivesTheDefaults()
    {
        var sample = BindValid("{}");

        Assert.Equal((5, TimeSpan.FromSeconds(10)), (sample.Count, sample.Wait));
        Assert.Equal(["default"], sample.List);
        Assert.Null(sample.Part);
    }

    [Fact]
    public void Bind_EmptyObject_IsPresentWithDefaults() => Assert.Equal(1, BindValid("""{ "Part": {} }""").Part!.Depth);

    [Fact]
    public void Bind_NullRecordOrScalar_IsAsIfAbsent()
    {
        var sample = BindValid("""{ "Part": null, "Count": null, "List": null, "Choice": null }""");

        Assert.Null(sample.Part);
        Assert.Equal(5, sample.Count);
        Assert.Equal(["default"], sample.List);
    }

    [Theory]
    [InlineData("""{ "Numbers": { "x": null } }""", "Numbers:x", "\"Enabled\": false")]
    [InlineData("""{ "List": [ "a", null ] }""", "List:1", "Take it out")]
    [InlineData("""{ "Cout": 1 }""", "Cout", "Did you mean 'Count'?")]
    [InlineData("""{ "Elsewhere": 1 }""", "Elsewhere", "write one of Text, Flag, Count")]
    [InlineData("""{ "Count": {} }""", "Count", "a single value")]
    [InlineData("""{ "Count": "three" }""", "Count", "digits only")]
    [InlineData("""{ "Count": 1.5 }""", "Count", "digits only")]
    [InlineData("""{ "Count": 0 }""", "Count", "from 1 to 9")]
    [InlineData("""{ "Count": 10 }""", "Count", "from 1 to 9")]
    [InlineData("""{ "Count": 99999999999 }""", "Count", "digits only")]
    [InlineData("""{ "Wait": "2h" }""", "Wait", "from 1ms to 1h")]
    [InlineData("""{ "Wait": 10 }""", "Wait", "has no unit. Write 10s")]
    [InlineData("""{ "Wait": "10 sec" }""", "Wait", "is not a duration")]
    [InlineData("""{ "Size": "9MB" }""", "Size", "from 1KB to 8MB")]
    [InlineData("""{ "Size": "9" }""", "Size", "has no unit")]
    [InlineData("""{ "Size": "big" }""", "Size", "is not a size")]
    [InlineData("""{ "Choice": 1 }""", "Choice", "is not one of One, Two")]
    [InlineData("""{ "Choice": "Tow" }""", "Choice", "Did you mean 'Two'?")]
    [InlineData("""{ "Flag": "yes" }""", "Flag", "neither true nor false")]
    [InlineData("""{ "Flag": 1 }""", "Flag", "neither true nor false")]
    [InlineData("""{ "List": "a" }""", "List", "a list, [")]
    [InlineData("""{ "List": { "0": "a" } }""", "List", "a list, [")]
    [InlineData("""{ "Numbers": [ 1 ] }""", "Numbers", "a key for each entry")]
    [InlineData("""{ "Part": [] }""", "Part", "an object")]
    [InlineData("""{ "Part": "x" }""", "Part", "found the value 'x'")]
    [InlineData("""{ "Names": {} }""", "Names", "a single value or a list, [")]
    [InlineData("""{ "Names": [ "a", null ] }""", "Names:1", "Take it out")]
    [InlineData("""{ "Names": [ [ "a" ] ] }""", "Names:0", "a single value")]
    [InlineData("""{ "Until": "2027-01-31" }""", "Until", "is not a point in time. Write date, time and offset")]
    [InlineData("""{ "Until": "2027-01-31T00:00:00" }""", "Until", "is not a point in time")]
    [InlineData("""{ "Until": "2027-02-30T00:00:00Z" }""", "Until", "is not a point in time")]
    [InlineData("""{ "Until": "31.1.2027 00:00 Z" }""", "Until", "is not a point in time")]
    [InlineData("""{ "Until": 1801353600 }""", "Until", "is not a point in time")]
    [InlineData("""{ "Shape": 1 }""", "Shape", "an object")]
    [InlineData("""{ "Shape": {} }""", "Shape", "there is no 'Type'. Add it, with one of Circle, Square")]
    [InlineData("""{ "Shape": { "Type": "Circel" } }""", "Shape:Type", "Did you mean 'Circle'? Write one of Circle, Square")]
    [InlineData("""{ "Shape": { "Type": {} } }""", "Shape:Type", "Write one of Circle, Square")]
    [InlineData("""{ "Shape": { "Type": "Circle", "Side": 1 } }""", "Shape:Side", "applies to Square only, and this is of type Circle")]
    [InlineData("""{ "Shape": { "Type": "Circle", "Sides": 1 } }""", "Shape:Sides", "is not a key here")]
    public void Bind_Mistake_IsAProblemWithAFix(string json, string path, string message)
    {
        var problem = Assert.Single(Bind(json).Problems);

        Assert.Equal(path, problem.Path);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", problem.Message.Replace("?", ".", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"a\"", "a")]
    [InlineData("\"\"", "")]
    [InlineData("7", "7")]
    [InlineData("[ \"a\" ]", "a")]
    [InlineData("[ \"a\", \"b\" ]", "a", "b")]
    [InlineData("[]")]
    public void Bind_OneOrMany_IsAList(string json, params string[] expected) => Assert.Equal(expected, BindValid($$"""{ "Names": {{json}} }""").Names);

    [Theory]
    [InlineData("{}")]
    [InlineData("""{ "Names": null }""")]
    public void Bind_OneOrManyNotWritten_IsNull(string json) => Assert.Null(BindValid(json).Names);

    [Theory]
    [InlineData("2027-01-31T00:00:00Z", "2027-01-31T00:00:00+00:00")]
    [InlineData("2027-01-31T00:00Z", "2027-01-31T00:00:00+00:00")]
    [InlineData("2027-01-31T08:00:00+08:00", "2027-01-31T08:00:00+08:00")]
    [InlineData("2027-01-31T08:00-05:30", "2027-01-31T08:00:00-05:30")]
    public void Bind_Instant_KeepsItsOffset(string text, string expected)
        => Assert.Equal(expected, BindValid($$"""{ "Until": "{{text}}" }""").Until!.Value.ToString("yyyy-MM-ddTHH:mm:sszzz", System.Globalization.CultureInfo.InvariantCulture));

    [Fact]
    public void Bind_NullOverAKeyOfAnotherKind_IsAllowed()
        => Assert.IsType<Circle>(BindValid("""{ "Shape": { "Type": "circle", "Side": null } }""").Shape);

    [Theory]
    [InlineData("""{ "AppSecret": { "x": "hunter2" } }""")]
    [InlineData("""{ "AppSecret": [ "hunter2" ] }""")]
    [InlineData("""{ "PasswordLength": "hunter2" }""")]
    [InlineData("""{ "AppCodes": "hunter2" }""")]
    public void Bind_SecretInAProblem_IsNotShown(string json)
        => Assert.DoesNotContain("hunter2", Assert.Single(Bind(json).Problems).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("10s", 10_000)]
    [InlineData("5m", 300_000)]
    [InlineData("2h", 7_200_000)]
    [InlineData("00:00:10", 10_000)]
    [InlineData("00:00:00.5", 500)]
    [InlineData("1.00:00:00", 86_400_000)]
    public void Duration_Written_IsRead(string text, long milliseconds)
    {
        Assert.True(Duration.TryParse(text, out var duration));
        Assert.Equal(milliseconds, duration.TotalMilliseconds);
        Assert.Matches(Duration.Pattern, text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("-1s")]
    [InlineData("1.5s")]
    [InlineData("10 s")]
    [InlineData("10S")]
    [InlineData("s")]
    [InlineData("10:00")]
    [InlineData("-00:00:10")]
    [InlineData(":00:10")]
    [InlineData("0:0:1")]
    [InlineData(" 00:00:10")]
    [InlineData("1:00:00:00")]
    [InlineData("15:41:.1")]
    [InlineData("00:00:10\n")]
    [InlineData("9223372036854775807h")]
    public void Duration_NotOne_IsRefused(string text) => Assert.False(Duration.TryParse(text, out _));

    [Fact]
    public void Duration_Formatted_ReadsTheSame()
        => Gen.Long[0, 1L << 49].Sample(static milliseconds =>
        {
            var duration = TimeSpan.FromMilliseconds(milliseconds);
            return Duration.TryParse(Duration.Format(duration), out var read) && read == duration;
        });

    [Fact]
    public void Duration_ReaderAndPattern_Agree()
        => Gen.Char["0123456789:.msh "].Array[0, 12].Select(static letters => new string(letters)).Sample(
            static text => !Duration.TryParse(text, out _) || System.Text.RegularExpressions.Regex.IsMatch(text, Duration.Pattern),
            iter: 20_000);

    [Theory]
    [InlineData("Backned", "Backend")]
    [InlineData("web-fnn", "web-fn")]
    [InlineData("x", null)]
    [InlineData("completely", null)]
    public void Suggestion_Word_FindsWhatWasMeant(string word, string? expected)
        => Assert.Equal(expected, Suggestion.Nearest(word, ["Backend", "Backends", "web-fn", "Timeout"]));

    private static Sample BindValid(string json)
    {
        var (sample, problems) = Bind(json);
        Assert.Empty(problems);
        return sample;
    }

    private static (Sample Sample, IReadOnlyList<Problem> Problems) Bind(string json)
    {
        var problems = new ProblemList();
        var node = JsonFileReader.Read(Encoding.UTF8.GetBytes(json), new ConfigOrigin(ConfigLayer.BaseFile, "a.json"), problems)!;
        return (new OptionsBinder(problems).Bind<Sample>(node), problems.Sorted());
    }

    public enum Choice
    {
        One,
        Two,
    }

    public sealed record Sample
    {
        public string? Text { get; init; }

        public bool Flag { get; init; }

        [Range(1, 9)]
        public int Count { get; init; } = 5;

        public long Large { get; init; }

        public Choice Choice { get; init; }

        [Between("1ms", "1h")]
        public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(10);

        [Between("1KB", "8MB")]
        public ByteSize? Size { get; init; }

        public IReadOnlyList<string> List { get; init; } = ["default"];

        public IReadOnlyDictionary<string, int> Numbers { get; init; } = new Dictionary<string, int>();

        public Part? Part { get; init; }

        public Shape? Shape { get; init; }

        [OneOrMany]
        public IReadOnlyList<string>? Names { get; init; }

        public DateTimeOffset? Until { get; init; }

        public string? AppSecret { get; init; }

        public int PasswordLength { get; init; }

        public IReadOnlyList<string> AppCodes { get; init; } = [];
    }

    public sealed record Part
    {
        public int Depth { get; init; } = 1;
    }

    [JsonPolymorphic(TypeDiscriminatorPropertyName = "Type")]
    [JsonDerivedType(typeof(Circle), "Circle")]
    [JsonDerivedType(typeof(Square), "Square")]
    public abstract record Shape;

    public sealed record Circle : Shape
    {
        public int Radius { get; init; }
    }

    public sealed record Square : Shape
    {
        public int Side { get; init; }
    }
}
