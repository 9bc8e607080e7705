namespace Gateway.Tests.Deploy;

public class DockerfileTests
{
    [Fact]
    public void Gateway_Image_IsChiselledAndRunsAsTheUserOfTheBaseImage()
    {
        Assert.EndsWith("-chiseled", Dockerfile.Gateway.Base, StringComparison.Ordinal);
        Assert.Equal("1654", Dockerfile.Gateway.User); // A number: Kubernetes cannot tell whether a name is root.
        Assert.Equal("1654", Dockerfile.Functions.User);
        Assert.True(Dockerfile.Gateway.IsDefault);
    }

    [Fact]
    public void Gateway_Image_ListensOnThePortsThatItExposes()
    {
        Assert.Equal([8080, 8081], Dockerfile.Gateway.Ports);
        Assert.Equal("8080", Dockerfile.Gateway.Variables["ASPNETCORE_HTTP_PORTS"]);
        Assert.Equal("0.0.0.0", Dockerfile.Gateway.Variables["Gateway__Management__Address"]);
    }

    /// <summary>No shell is there to run another form.</summary>
    [Fact]
    public void Gateway_Commands_StartTheProgramItself()
    {
        Assert.Equal(["dotnet", "/app/Gateway.dll"], Dockerfile.Gateway.EntryPoint);
        Assert.Equal([.. Dockerfile.Gateway.EntryPoint, "healthcheck"], Dockerfile.Gateway.HealthCheck);
        Assert.Equal(["dotnet", "/app/Gateway.LocalFunctions.dll"], Dockerfile.Functions.EntryPoint);
    }

    /// <summary>A layer of its own for restore holds every project file and every lock file that restore reads, or a locked restore fails.</summary>
    [Fact]
    public void Restore_Layer_HasEveryProjectAndItsLockFile()
    {
        var copied = Dockerfile.Instructions
            .Where(static line => line.StartsWith("COPY ", StringComparison.Ordinal))
            .SelectMany(static line => line.Split(' ')[1..^1])
            .ToHashSet();
        string[] folders = [.. Directory.GetDirectories(DeployFiles.PathOf("src")), DeployFiles.PathOf("samples/functions/csharp")];

        Assert.All(folders, folder =>
        {
            var project = Path.GetRelativePath(DeployFiles.PathOf("."), Directory.GetFiles(folder, "*.csproj").Single());
            Assert.Contains(project, copied);
            Assert.Contains(Path.Combine(Path.GetDirectoryName(project)!, "packages.lock.json"), copied);
        });
    }

    /// <summary>A frontend image, which it would name, cannot be had everywhere; the others are not understood by every builder.</summary>
    [Fact]
    public void Dockerfile_Text_StaysWithinWhatEveryBuilderKnows()
    {
        var text = DeployFiles.ReadText("Dockerfile");

        Assert.DoesNotContain("syntax=", text, StringComparison.Ordinal);
        Assert.DoesNotContain("<<", text, StringComparison.Ordinal);
        Assert.DoesNotContain("--link", text, StringComparison.Ordinal);
        Assert.DoesNotContain("--mount", text, StringComparison.Ordinal);
    }
}
