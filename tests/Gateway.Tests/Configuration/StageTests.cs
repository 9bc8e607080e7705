using Gateway.Configuration;

namespace Gateway.Tests.Configuration;

public class StageTests
{
    private const string Empty = """{ "Gateway": {} }""";

    [Theory]
    [InlineData("Production", "RELEASE")]
    [InlineData("Pre", "PRE")]
    [InlineData("Test", "TEST")]
    [InlineData("Development", null)]
    public void Load_KnownEnvironment_GivesItsStage(string environment, string? stage)
        => Assert.Equal(stage, Loading.LoadValid(Empty, source => source with { Environment = environment }).Stage);

    [Theory]
    [InlineData("production")]
    [InlineData("TEST")]
    public void Load_EnvironmentInAnotherCase_SaysSo(string environment)
        => Assert.Contains(
            "case-sensitive",
            Loading.LoadOneProblem("""{ "Gateway": { "Stage": "PRE" } }""", source => source with { Environment = environment }).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("Staging")]
    [InlineData("")]
    [InlineData("../Test")]
    public void Load_UnknownEnvironment_IsAProblem(string environment)
        => Assert.Contains(
            "Use Production, Pre, Test or Development",
            Loading.LoadOneProblem("""{ "Gateway": { "Stage": "GRAY" } }""", source => source with { Environment = environment }).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Load_OwnEnvironmentWithStageAndFile_IsServed()
    {
        using var folder = new ConfigurationFolder(Empty);
        folder.Write("appsettings.Gray.json", """{ "Gateway": { "Stage": "GRAY" } }""");

        Assert.Equal("GRAY", ConfigurationLoader.Load(folder.Source with { Environment = "Gray" }).Configuration!.Stage);
    }

    [Fact]
    public void Load_OwnEnvironmentWithFileAlone_IsAProblem()
    {
        using var folder = new ConfigurationFolder(Empty);
        folder.Write("appsettings.Gray.json", "{}");

        Assert.Single(ConfigurationLoader.Load(folder.Source with { Environment = "Gray" }).Problems);
    }

    [Fact]
    public void Load_StageFileInAnotherCase_IsAProblem()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The file system ignores case.");
        using var folder = new ConfigurationFolder(Empty);
        folder.Write("appsettings.test.json", "{}");

        Assert.Contains("Rename it", Assert.Single(ConfigurationLoader.Load(folder.Source with { Environment = "Test" }).Problems).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("R")]
    [InlineData("release")]
    [InlineData("RELEASE_1")]
    [InlineData("ELEVENCHARS")]
    [InlineData("ÄÖ")]
    public void Load_InvalidStageName_IsAProblem(string stage)
        => Assert.Equal("Gateway:Stage", Loading.LoadOneProblem($$"""{ "Gateway": { "Stage": "{{stage}}" } }""").Path);

    [Theory]
    [InlineData("V2")]
    [InlineData("0123456789")]
    public void Load_StageName_WinsOverTheEnvironments(string stage)
        => Assert.Equal(stage, Loading.LoadValid($$"""{ "Gateway": { "Stage": "{{stage}}" } }""").Stage);
}
