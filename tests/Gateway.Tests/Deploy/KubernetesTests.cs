using Gateway.Configuration;
using Gateway.Hosting;
using Gateway.TestSupport;
using YamlDotNet.RepresentationModel;

namespace Gateway.Tests.Deploy;

public class KubernetesTests
{
    private const string Base = "deploy/kubernetes/base";

    private static readonly YamlNode Deployment = DeployFiles.ReadYaml($"{Base}/deployment.yaml");
    private static readonly YamlNode Pod = Deployment.At("spec", "template", "spec");
    private static readonly YamlNode Container = Pod.At("containers", 0);

    public static TheoryData<string, string> Overlays => new()
    {
        { "test", "Test" },
        { "pre", "Pre" },
        { "production", "Production" },
    };

    [Fact]
    public void Ports_OfTheContainer_AreThoseOfTheImage()
        => Assert.Equal(Dockerfile.Gateway.Ports, Container.List("ports").Select(static port => int.Parse(port.Text("containerPort"))));

    [Theory]
    [InlineData("startupProbe", "/readyz")]
    [InlineData("livenessProbe", "/livez")]
    [InlineData("readinessProbe", "/readyz")]
    public void Probe_Always_AsksTheManagementPort(string probe, string path)
    {
        Assert.Equal(path, Container.Text(probe, "httpGet", "path"));
        Assert.Equal("8081", NumberOf(Container.Text(probe, "httpGet", "port")));
    }

    [Fact]
    public void Scraping_ByAnnotation_NamesTheManagementPort()
    {
        var annotations = Deployment.At("spec", "template", "metadata", "annotations");

        Assert.Equal(NumberOf("management"), annotations.Text("prometheus.io/port"));
        Assert.Equal("/metrics", annotations.Text("prometheus.io/path"));
    }

    /// <summary>What the management port shows is for probes and Prometheus, which ask pods and not services.</summary>
    [Fact]
    public void Service_Ports_AreTrafficOnly()
    {
        var service = DeployFiles.ReadYaml($"{Base}/service.yaml");

        Assert.Equal("8080", NumberOf(Assert.Single(service.At("spec").List("ports")).Text("targetPort")));
    }

    [Fact]
    public void SecurityContext_OfPodAndContainer_IsTheImagesUserWithoutRights()
    {
        Assert.Equal("true", Pod.Text("securityContext", "runAsNonRoot"));
        Assert.Equal(Dockerfile.Gateway.User, Pod.Text("securityContext", "runAsUser"));
        Assert.Equal(Dockerfile.Gateway.User, Pod.Text("securityContext", "runAsGroup"));
        Assert.Equal("RuntimeDefault", Pod.Text("securityContext", "seccompProfile", "type"));
        Assert.Equal("true", Container.Text("securityContext", "readOnlyRootFilesystem"));
        Assert.Equal("false", Container.Text("securityContext", "allowPrivilegeEscalation"));
        Assert.Equal(["ALL"], Container.At("securityContext", "capabilities").Texts("drop"));
    }

    [Fact]
    public void GracePeriod_OfThePod_IsLongerThanTheShutdown()
        => Assert.True(int.Parse(Pod.Text("terminationGracePeriodSeconds")) > new ShutdownOptions().Timeout.TotalSeconds);

    [Fact]
    public void Mounts_OfTheContainer_AreFoldersForConfigurationSecretsAndHeldBodies()
    {
        var mounts = Container.List("volumeMounts").ToDictionary(static mount => mount.Text("mountPath"), static mount => mount);

        Assert.Equal([Dockerfile.Gateway.Variables["GATEWAY_CONFIG"], new ConfigurationSource { Folder = "" }.SecretsFolder, "/tmp"], mounts.Keys);
        Assert.All(mounts.Values, static mount => Assert.Null(mount.Find("subPath")));
        Assert.Equal("gateway-config", Volume(mounts["/etc/gateway"]).Text("configMap", "name"));
        Assert.Equal("gateway-secrets", Volume(mounts["/run/secrets"]).Text("secret", "secretName"));
        Assert.Equal("Memory", Volume(mounts["/tmp"]).Text("emptyDir", "medium"));
    }

    /// <summary>Its folder lies below /var/run/secrets, which is the folder of the gateway's secrets.</summary>
    [Fact]
    public void ServiceAccountToken_Never_IsMounted()
    {
        Assert.Equal("false", Pod.Text("automountServiceAccountToken"));
        Assert.Equal("false", DeployFiles.ReadYaml($"{Base}/serviceaccount.yaml").Text("automountServiceAccountToken"));
    }

    [Fact]
    public void Selectors_OfAllKinds_MatchThePodsLabel()
    {
        var label = Deployment.Text("spec", "template", "metadata", "labels", "app.kubernetes.io/name");
        YamlNode[] selectors =
        [
            Deployment.At("spec", "selector", "matchLabels"),
            DeployFiles.ReadYaml($"{Base}/service.yaml").At("spec", "selector"),
            DeployFiles.ReadYaml($"{Base}/poddisruptionbudget.yaml").At("spec", "selector", "matchLabels"),
            .. Pod.List("topologySpreadConstraints").Select(static constraint => constraint.At("labelSelector", "matchLabels")),
        ];

        Assert.Equal(5, selectors.Length);
        Assert.All(selectors, selector => Assert.Equal(label, selector.Text("app.kubernetes.io/name")));
    }

    [Fact]
    public void Resources_OfTheContainer_AreSetForTheSchedulerAndTheAutoscaler()
    {
        Assert.NotEmpty(Container.Text("resources", "requests", "cpu")); // The autoscaler's share is one of this.
        Assert.Equal(256, MebibytesOf(Container.Text("resources", "requests", "memory")));
        Assert.True(MebibytesOf(Container.Text("resources", "limits", "memory")) > MebibytesOf(Pod.List("volumes").Single(static volume => volume.Text("name") == "tmp").Text("emptyDir", "sizeLimit")));
    }

    [Fact]
    public void Kustomization_OfTheBase_NamesEveryManifest()
        => Assert.Equal(
            Directory.GetFiles(DeployFiles.PathOf(Base), "*.yaml").Select(Path.GetFileName).Where(static name => name != "kustomization.yaml").Order(),
            DeployFiles.ReadYaml($"{Base}/kustomization.yaml").Texts("resources").Order());

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Overlay_OfAStage_AddsItsFileAndNamesItsEnvironment(string overlay, string environment)
    {
        var folder = $"deploy/kubernetes/overlays/{overlay}";
        var kustomization = DeployFiles.ReadYaml($"{folder}/kustomization.yaml");
        var generator = Assert.Single(kustomization.List("configMapGenerator"));
        var variable = Assert.Single(DeployFiles.ReadYaml($"{folder}/deployment.yaml").At("spec", "template", "spec", "containers", 0).List("env"));

        Assert.Equal(["../../base"], kustomization.Texts("resources"));
        Assert.Equal("merge", generator.Text("behavior"));
        Assert.Equal("gateway-config", generator.Text("name"));
        Assert.Equal([$"appsettings.{environment}.json"], generator.Texts("files"));
        Assert.Equal("ASPNETCORE_ENVIRONMENT", variable.Text("name"));
        Assert.Equal(environment, variable.Text("value"));
        Assert.Equal(Container.Text("image"), Assert.Single(kustomization.List("images")).Text("name"));
        Assert.All(kustomization.List("patches"), patch => Assert.Equal("gateway", DeployFiles.ReadYaml($"{folder}/{patch.Text("path")}").Text("metadata", "name")));
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Autoscaler_OfAStage_NeverGoesBelowTheBudget(string overlay, string environment)
    {
        var scaler = DeployFiles.ReadYaml($"deploy/kubernetes/overlays/{overlay}/horizontalpodautoscaler.yaml");
        var least = int.Parse(scaler.Text("spec", "minReplicas"));

        Assert.True(int.Parse(scaler.Text("spec", "maxReplicas")) > least);
        Assert.True(least >= 2 || environment == "Test");
    }

    /// <summary>Kustomize reads no file outside of its folder, so these are copies. <c>UPDATE_GOLDEN=1</c> makes them anew.</summary>
    [Theory]
    [InlineData("appsettings.json", "base")]
    [InlineData("appsettings.Test.json", "overlays/test")]
    [InlineData("appsettings.Pre.json", "overlays/pre")]
    [InlineData("appsettings.Production.json", "overlays/production")]
    public void Configuration_OfAFolder_IsTheRootsFile(string file, string folder)
        => Golden.MatchesFile(DeployFiles.PathOf($"deploy/kubernetes/{folder}/{file}"), DeployFiles.ReadText(file));

    private static string NumberOf(string port) => Container.List("ports").Single(item => item.Text("name") == port).Text("containerPort");

    private static YamlNode Volume(YamlNode mount) => Pod.List("volumes").Single(volume => volume.Text("name") == mount.Text("name"));

    private static int MebibytesOf(string quantity)
    {
        Assert.EndsWith("Mi", quantity, StringComparison.Ordinal);
        return int.Parse(quantity[..^2]);
    }
}
