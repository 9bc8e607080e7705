using Gateway.Backends;
using Gateway.Configuration;

namespace Gateway.Tests.Configuration;

public class ConfigurationLayersTests
{
    private const string Base = """
        {
          "Logging": { "LogLevel": { "Default": "Information" } },
          "Gateway": {
            "Backends": { "event": { "Type": "EventFunction", "Address": "http://file", "Function": "f" } },
            "TrustedProxies": [ "10.0.0.0/8", "10.1.0.0/16" ]
          }
        }
        """;

    [Fact]
    public void Load_EveryLayer_LaterWins()
    {
        using var folder = new ConfigurationFolder(Base);
        var source = folder.Source with { Environment = "Test" };
        Assert.Equal("http://file", Address(source));

        folder.Write("appsettings.Test.json", """{ "Gateway": { "Backends": { "event": { "Address": "http://stage" } } } }""");
        Assert.Equal("http://stage", Address(source));

        folder.WriteSecret("Gateway__Backends__event__Address", "http://secret\n");
        Assert.Equal("http://secret", Address(source));

        source = source with { EnvironmentVariables = new Dictionary<string, string> { ["GATEWAY__BACKENDS__EVENT__ADDRESS"] = "http://variable" } };
        Assert.Equal("http://variable", Address(source));

        source = source with { Arguments = ["--Gateway:Backends:event:Address=http://argument"] };
        Assert.Equal("http://argument", Address(source));
    }

    [Fact]
    public void Load_OverrideInAnotherCase_KeepsTheFilesSpelling()
    {
        var configuration = Loading.LoadValid(Base, static source => source with
        {
            EnvironmentVariables = new Dictionary<string, string> { ["GATEWAY__BACKENDS__EVENT__QUALIFIER"] = "LATEST" },
        });

        Assert.Equal("event", Assert.Single(configuration.Options.Backends).Key);
        Assert.Equal("LATEST", ((EventFunctionOptions)configuration.Options.Backends["EVENT"]).Qualifier);
    }

    [Fact]
    public void Load_VariablesOfOtherSections_AreInTheTree()
    {
        var configuration = Loading.LoadValid(Base, static source => source with
        {
            EnvironmentVariables = new Dictionary<string, string> { ["Logging__LogLevel__Default"] = "Debug", ["PATH"] = "/bin" },
            Arguments = ["--Kestrel:Endpoints:Http:Url", "http://*:8080"],
        });

        Assert.Equal("Debug", configuration.Root.Nearest("Logging:LogLevel:Default").Text);
        Assert.Equal("environment variable Logging__LogLevel__Default", configuration.Root.Nearest("Logging:LogLevel:Default").Origin.ToString());
        Assert.Equal("http://*:8080", configuration.Root.Nearest("Kestrel:Endpoints:Http:Url").Text);
    }

    [Fact]
    public void Load_BareVariableNamedLikeASection_IsNotMeantForUs()
        => Loading.LoadValid(Base, static source => source with { EnvironmentVariables = new Dictionary<string, string> { ["GATEWAY"] = "tcp://1.2.3.4" } });

    [Fact]
    public void Load_VariableWithAnEmptyPart_IsNobodysKey()
    {
        var configuration = Loading.LoadValid(Base, static source => source with
        {
            EnvironmentVariables = new Dictionary<string, string> { ["__Gateway__Stage"] = "x", ["__CF_USER_TEXT_ENCODING"] = "x" },
        });

        Assert.Equal("RELEASE", configuration.Stage);
    }

    [Fact]
    public void Load_VariableOfOursWithAnEmptyPart_IsAProblem()
        => Assert.Contains(
            "is not a key here",
            Loading.LoadOneProblem(Base, static source => source with { EnvironmentVariables = new Dictionary<string, string> { ["Gateway____Stage"] = "x" } }).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Load_StageFileThatIsALinkToNowhere_IsAProblem()
    {
        using var folder = new ConfigurationFolder(Base);
        File.CreateSymbolicLink(folder.PathOf("appsettings.Test.json"), folder.PathOf("nowhere"));

        Assert.Contains("cannot be read", Assert.Single(ConfigurationLoader.Load(folder.Source with { Environment = "Test" }).Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ListInTwoFiles_NamesBothPlaces()
    {
        using var folder = new ConfigurationFolder(Base);
        folder.Write("appsettings.Test.json", """{ "Gateway": { "TrustedProxies": [ "192.168.0.0/16" ] } }""");

        var problem = Assert.Single(ConfigurationLoader.Load(folder.Source with { Environment = "Test" }).Problems);

        Assert.Equal("appsettings.Test.json:1", problem.Origin.ToString());
        Assert.Contains("appsettings.json:5", problem.Message, StringComparison.Ordinal);
        Assert.Contains("whole list in one place", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_VariableOverElementOfAFilesList_IsAProblem()
    {
        var problem = Loading.LoadOneProblem(Base, static source => source with
        {
            EnvironmentVariables = new Dictionary<string, string> { ["Gateway__TrustedProxies__0"] = "192.168.0.0/16" },
        });

        Assert.Equal("environment variable Gateway__TrustedProxies__0", problem.Origin.ToString());
        Assert.Contains("whole list in one place", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ListByVariablesAlone_IsRead()
    {
        var configuration = Loading.LoadValid("""{ "Gateway": {} }""", static source => source with
        {
            EnvironmentVariables = new Dictionary<string, string> { ["Gateway__TrustedProxies__1"] = "10.2.0.0/16", ["Gateway__TrustedProxies__0"] = "10.1.0.0/16" },
        });

        Assert.Equal(["10.1.0.0/16", "10.2.0.0/16"], configuration.Options.TrustedProxies);
    }

    [Fact]
    public void Load_ListByVariableAndArgument_IsAProblem()
    {
        var problem = Loading.LoadOneProblem("""{ "Gateway": {} }""", static source => source with
        {
            EnvironmentVariables = new Dictionary<string, string> { ["Gateway__TrustedProxies__0"] = "10.1.0.0/16" },
            Arguments = ["--Gateway:TrustedProxies:1=10.2.0.0/16"],
        });

        Assert.Contains("command line --Gateway:TrustedProxies:1", problem.Message, StringComparison.Ordinal);
    }

    /// <summary>A list that may stand as its only element: whole values replace each other, lists do not merge.</summary>
    [Theory]
    [InlineData("\"a\"", "\"b\"", "b")]
    [InlineData("\"a\"", "[ \"b\", \"c\" ]", "b,c")]
    [InlineData("[ \"a\", \"b\" ]", "\"c\"", "c")]
    [InlineData("\"a\"", "[]", "")]
    [InlineData("[ \"a\", \"b\" ]", "null", null)]
    [InlineData("null", "\"c\"", "c")]
    public void Load_OneOrManyInStageFile_Replaces(string text, string stageText, string? expected)
    {
        using var folder = new ConfigurationFolder(WithThrottling(text));
        folder.Write("appsettings.Test.json", $$"""{ "Gateway": { "Groups": { "G": { "Policies": { "throttling": {{stageText}} } } } } }""");

        var names = ConfigurationLoader.Load(folder.Source with { Environment = "Test" }).Configuration!.Options.Groups["g"].Policies.Throttling;

        Assert.Equal(expected, names is null ? null : string.Join(',', names));
    }

    [Theory]
    [InlineData("\"a\"", "Gateway__Groups__g__Policies__Throttling", "b")]
    [InlineData("[ \"a\", \"c\" ]", "Gateway__Groups__g__Policies__Throttling", "b")]
    [InlineData("\"a\"", "Gateway__Groups__g__Policies__Throttling__0", "b")]
    [InlineData("null", "Gateway__Groups__g__Policies__Throttling__0", "b")]
    public void Load_OneOrManyInAVariable_Replaces(string text, string variable, string value)
        => Assert.Equal([value], Loading.LoadValid(WithThrottling(text), source => source with
        {
            EnvironmentVariables = new Dictionary<string, string> { [variable] = value },
        }).Options.Groups["g"].Policies.Throttling);

    [Fact]
    public void Load_VariableOverAnElementOfOneOrMany_IsAProblem()
        => Assert.Contains("whole list in one place", Loading.LoadOneProblem(WithThrottling("[ \"a\", \"b\" ]"), static source => source with
        {
            EnvironmentVariables = new Dictionary<string, string> { ["Gateway__Groups__g__Policies__Throttling__0"] = "c" },
        }).Message, StringComparison.Ordinal);

    [Fact]
    public void Load_InstantInAVariable_IsRead()
        => Assert.Equal(
            new DateTimeOffset(2027, 1, 31, 0, 0, 0, TimeSpan.Zero),
            Loading.LoadValid(Loading.ValidPolicies, static source => source with
            {
                EnvironmentVariables = new Dictionary<string, string> { ["Gateway__Groups__shop__Apis__orders__Apps__fcApp__ExpiresAt"] = "2027-01-31T00:00:00Z" },
            }).Options.Groups["shop"].Apis["orders"].Apps["FcApp"].ExpiresAt);

    [Fact]
    public void Load_NullInStageFile_TakesTheListBack()
    {
        using var folder = new ConfigurationFolder(Base);
        folder.Write("appsettings.Test.json", """{ "Gateway": { "TrustedProxies": null } }""");

        Assert.Empty(ConfigurationLoader.Load(folder.Source with { Environment = "Test" }).Configuration!.Options.TrustedProxies);
    }

    [Fact]
    public void Load_TwoSpellingsOfOneVariable_NamesBoth()
    {
        var problem = Loading.LoadOneProblem(Base, static source => source with
        {
            EnvironmentVariables = new Dictionary<string, string> { ["Gateway__Stage"] = "PRE", ["GATEWAY__STAGE"] = "TEST", ["no_proxy"] = "a", ["NO_PROXY"] = "b" },
        });

        Assert.Equal("environment variable Gateway__Stage", problem.Origin.ToString());
        Assert.Contains("GATEWAY__STAGE", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Gateway:Stage=PRE", "argument 1")]
    [InlineData("--Gateway:Stage", "command line --Gateway:Stage")]
    [InlineData("--", "argument 1")]
    public void Load_ArgumentThatSetsNothing_IsAProblem(string argument, string origin)
        => Assert.Contains(origin, Loading.LoadOneProblem(Base, source => source with { Arguments = [argument] }).Origin.ToString(), StringComparison.Ordinal);

    [Fact]
    public void Load_SecretFolder_PassesOverWhatIsNotOurs()
    {
        using var folder = new ConfigurationFolder(Base);
        Directory.CreateDirectory(Path.Combine(folder.Secrets, "Gateway__Folder"));
        folder.WriteSecret(".Gateway__Hidden", "x");
        folder.WriteSecret("tls.key", "x");
        folder.WriteSecret("Gateway__Stage", "PRE\r\n");

        Assert.Equal("PRE", ConfigurationLoader.Load(folder.Source).Configuration!.Stage);
    }

    [Fact]
    public void Load_UnreadableSecret_IsAProblem()
    {
        using var folder = new ConfigurationFolder(Base);
        File.CreateSymbolicLink(Path.Combine(folder.Secrets, "Gateway__Stage"), folder.PathOf("nowhere"));

        Assert.Equal("secret file Gateway__Stage", Assert.Single(ConfigurationLoader.Load(folder.Source).Problems).Origin.ToString());
    }

    [Fact]
    public void Load_SecretThatIsNoText_IsAProblem()
    {
        using var folder = new ConfigurationFolder(Base);
        File.WriteAllBytes(Path.Combine(folder.Secrets, "Gateway__Stage"), [0xFF, 0xFE, 0x00]);

        Assert.Contains("UTF-8", Assert.Single(ConfigurationLoader.Load(folder.Source).Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_RotatedSecret_IsRead()
    {
        using var folder = new ConfigurationFolder(Base);
        folder.WriteSecret("Gateway__Backends__event__Credentials__AccessKeyId", "id");
        folder.WriteSecret("Gateway__Backends__event__Credentials__AccessKeySecret", "old\n");
        Assert.Equal("old", Secret());

        folder.WriteSecret("Gateway__Backends__event__Credentials__AccessKeySecret", "new\n");
        Assert.Equal("new", Secret());

        string? Secret() => ((EventFunctionOptions)ConfigurationLoader.Load(folder.Source).Configuration!.Options.Backends["event"]).Credentials!.AccessKeySecret;
    }

    [Fact]
    public void Load_BrokenStageFile_TellsOnlyThat()
    {
        using var folder = new ConfigurationFolder("""{ "Gateway": { "Backends": { "event": { "Type": "EventFunction" } } } }""");
        folder.Write("appsettings.Test.json", "{ broken }");

        var problem = Assert.Single(ConfigurationLoader.Load(folder.Source with { Environment = "Test" }).Problems);

        Assert.Equal("appsettings.Test.json:1", problem.Origin.ToString());
    }

    [Fact]
    public void Load_NoBaseFile_IsAProblem()
    {
        using var folder = new ConfigurationFolder();

        Assert.Contains("no such file", Assert.Single(ConfigurationLoader.Load(folder.Source).Problems).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "Gateway": null }""", "Add \"Gateway\"")]
    [InlineData("{}", "Add \"Gateway\"")]
    [InlineData("""{ "Gatway": {} }""", "only 'Gatway'")]
    public void Load_NoSection_IsAProblem(string json, string message)
        => Assert.Contains(message, Loading.LoadOneProblem(json).Message, StringComparison.Ordinal);

    private static string? Address(ConfigurationSource source)
        => ((FunctionOptions)ConfigurationLoader.Load(source).Configuration!.Options.Backends["event"]).Address;

    private static string WithThrottling(string names) => $$"""
        { "Gateway": {
            "Policies": { "a": { "Type": "Throttling", "Unit": "Second", "PerApi": 1 }, "b": { "Type": "Throttling", "Unit": "Second", "PerApi": 1 }, "c": { "Type": "Throttling", "Unit": "Second", "PerApi": 1 } },
            "Groups": { "g": { "Policies": { "Throttling": {{names}} } } } } }
        """;
}
