using Gateway.Configuration;
using Gateway.Hosting;
using YamlDotNet.RepresentationModel;

namespace Gateway.Tests.Deploy;

public class ComposeTests
{
    private static readonly YamlNode Compose = DeployFiles.ReadYaml("docker-compose.yml");
    private static readonly YamlNode Gateway = Compose.At("services", "gateway");

    /// <summary>The subset that compose 1.29 and 2 both take without a word.</summary>
    [Fact]
    public void Compose_Keys_StayWithinTheOldSubset()
    {
        string[] known =
        [
            "image", "build", "ports", "environment", "volumes", "tmpfs", "read_only", "cap_drop", "security_opt", "stop_grace_period", "depends_on",
            "command", "entrypoint", "profiles", "user",
        ];

        Assert.Equal(["services"], Compose.Keys());
        Assert.All(Services(), service => Assert.Subset(known.ToHashSet(), service.Value.Keys().ToHashSet()));
        Assert.All(Services().Where(static service => service.Value.Find("depends_on") is not null), static service => Assert.IsType<YamlSequenceNode>(service.Value.At("depends_on")));
    }

    [Fact]
    public void Compose_OurServices_AreReadOnlyWithoutCapabilities()
    {
        Assert.All(Services().Where(static service => service.Key != "observability"), static service =>
        {
            Assert.Equal("true", service.Value.Text("read_only"));
            Assert.Equal(["ALL"], service.Value.Texts("cap_drop"));
            Assert.Equal(["no-new-privileges:true"], service.Value.Texts("security_opt"));
        });
        Assert.Contains(Gateway.Texts("tmpfs"), static mount => mount.StartsWith("/tmp:", StringComparison.Ordinal));
    }

    [Fact]
    public void Compose_Gateway_PublishesThePortsOfTheImageAndKeepsManagementLocal()
    {
        Assert.Equal(["8080:8080", "127.0.0.1:8081:8081"], Gateway.Texts("ports"));
        Assert.Equal(Dockerfile.Gateway.Ports, Gateway.Texts("ports").Select(static port => int.Parse(port.Split(':')[^1])));
    }

    [Fact]
    public void Compose_Gateway_IsGivenLongerToStopThanItTakes()
        => Assert.True(int.Parse(Gateway.Text("stop_grace_period").TrimEnd('s')) > new ShutdownOptions().Timeout.TotalSeconds);

    [Fact]
    public void Compose_Gateway_MountsFoldersForConfigurationAndSecrets()
        => Assert.Equal(
            [$"./deploy/compose/config:{Dockerfile.Gateway.Variables["GATEWAY_CONFIG"]}:ro", $"./deploy/compose/secrets:{new ConfigurationSource { Folder = "" }.SecretsFolder}:ro"],
            Gateway.Texts("volumes"));

    [Fact]
    public void Compose_Mounts_AreThere()
        => Assert.All(Services().SelectMany(static service => service.Value.Texts("volumes")), static volume => Assert.True(Path.Exists(DeployFiles.PathOf(volume.Split(':')[0])), volume));

    /// <summary>The stage is configured by its two files and the secret files alone.</summary>
    [Fact]
    public void Compose_Configuration_CanBeServed()
    {
        var source = new ConfigurationSource
        {
            Folder = DeployFiles.PathOf("deploy/compose/config"),
            SecretsFolder = DeployFiles.PathOf("deploy/compose/secrets"),
            Environment = Gateway.Text("environment", "ASPNETCORE_ENVIRONMENT"),
            EnvironmentVariables = new Dictionary<string, string>(),
        };

        var result = ConfigurationLoader.Load(source);

        Assert.Empty(result.Problems);
    }

    /// <summary>Nobody may take them for more than they are, also not in a log or a scanner's report.</summary>
    [Fact]
    public void Compose_Secrets_SayThatTheyAreForTheDemoOnly()
    {
        var files = Directory.GetFiles(DeployFiles.PathOf("deploy/compose/secrets"));

        Assert.Equal(3, files.Length);
        Assert.All(files, static file => Assert.Contains("demo", File.ReadAllText(file), StringComparison.Ordinal));
        Assert.All(files.Where(static file => Path.GetFileName(file).Contains("__", StringComparison.Ordinal)), static file => Assert.StartsWith("demo-only-", File.ReadAllText(file), StringComparison.Ordinal));
        Assert.Contains(File.ReadAllText(DeployFiles.PathOf("deploy/compose/secrets/Gateway__Apps__fcApp__AppCodes__0")).Trim(), DeployFiles.ReadText("docker-compose.yml"), StringComparison.Ordinal);
    }

    [Fact]
    public void Compose_Grafana_FindsTheDashboardsWhereItsProviderLooks()
    {
        var provider = DeployFiles.ReadYaml("deploy/grafana/provisioning/dashboards/gateway.yaml").At("providers", 0);

        Assert.Contains($"./deploy/grafana/dashboards:{provider.Text("options", "path")}:ro", Compose.At("services", "observability").Texts("volumes"));
    }

    private static IEnumerable<KeyValuePair<string, YamlNode>> Services()
        => Compose.At("services").Keys().Select(static name => KeyValuePair.Create(name, Compose.At("services", name)));
}
