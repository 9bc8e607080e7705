using System.IO.Compression;
using Gateway.LocalFunctions.Processes;
using Gateway.LocalFunctions.Runtimes;
using Gateway.TestSupport;

namespace Gateway.LocalFunctions.Tests;

/// <summary>What happens around the calls of Java functions: hooks, compiling, replacing.</summary>
[Collection("Java")]
public sealed class JavaLifecycleTests(JavaFixture java) : IDisposable
{
    private const string Source = """
        import com.aliyun.fc.runtime.*;
        public class Version implements PojoRequestHandler<Object, String> {
          public String handleRequest(Object input, Context context) { return "@"; }
        }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    [Fact]
    public async Task Context_OfACall_HasTheFunctionsSettings()
    {
        using var response = await java.CallAsync("cases", "context");

        Assert.Equal(
            Assert.Single(response.Headers.GetValues("X-Fc-Request-Id")) + " cases fixtures.Cases::handleRequest 60000 512 LATEST  0",
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Hooks_OfTheHandlersClass_AreCalledOnceOnTheSameObject()
    {
        Assert.Equal("1 1", await java.TextAsync("hooks", "calls"));
        Assert.Equal("1 2", await java.TextAsync("hooks", "calls"));
        await using var other = await LocalFunctionHost.StartAsync([], cancellationToken: TestContext.Current.CancellationToken);
        Assert.DoesNotContain(java.Log, static line => line.Contains("stopping after", StringComparison.Ordinal));

        // A call that exits has no pre-stop; retiring has.
        using var exited = await java.CallAsync("hooks", "exit");
        Assert.Equal("1 1", await java.TextAsync("hooks", "calls"));
        Assert.DoesNotContain(java.Log, static line => line.Contains("stopping after", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Code_Saved_IsRunByTheNextCall()
    {
        var source = Path.Combine(_folder.CreateSubdirectory("src/main/java").FullName, "Version.java");
        await using var host = await StartAsync("Version::handleRequest");
        foreach (var version in (string[])["first", "second, é"])
        {
            await File.WriteAllTextAsync(source, Source.Replace("@", version, StringComparison.Ordinal), TestContext.Current.CancellationToken);
            Assert.Equal($"\"{version}\"", await CallAsync(host));
        }

        await File.WriteAllTextAsync(source, "class", TestContext.Current.CancellationToken);
        Assert.Contains("src/main/java/Version.java:1: error:", await CallAsync(host), StringComparison.Ordinal);
        await File.WriteAllTextAsync(source, Source.Replace("@", "third", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        Assert.Equal("\"third\"", await CallAsync(host));
    }

    [Theory]
    [InlineData("target/classes")]
    [InlineData(".")]
    [InlineData("app.jar")]
    [InlineData("lib/app.jar")]
    public async Task Code_Compiled_RunsWithoutSources(string place)
    {
        JavaFixture.Require();
        await using (var processes = new ProcessEnvironment())
        {
            var classPath = await processes.Java.BuildAsync(JavaTools.Find()!, Path.Combine(Repository.Root, "samples/functions/java"));
            Place(classPath.Split(Path.PathSeparator)[1], place);
        }

        await using var host = await StartAsync("example.StreamApp::handleRequest");

        Assert.Contains("\"body\":{}}", await CallAsync(host), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Build_SameCode_IsMadeOnceAndDeletedWithTheHost()
    {
        JavaFixture.Require();
        var tools = JavaTools.Find()!;
        var source = Path.Combine(_folder.FullName, "Version.java");
        await File.WriteAllTextAsync(source, Source, TestContext.Current.CancellationToken);
        string[] folders;
        await using (var processes = new ProcessEnvironment())
        {
            var first = processes.Java.BuildAsync(tools, _folder.FullName);
            Assert.Same(first, processes.Java.BuildAsync(tools, _folder.FullName));
            await File.AppendAllTextAsync(source, "\n", TestContext.Current.CancellationToken);
            var second = processes.Java.BuildAsync(tools, _folder.FullName);
            Assert.NotSame(first, second);

            folders = [.. (await first).Split(Path.PathSeparator)[..2], .. (await second).Split(Path.PathSeparator)[..2]];
            Assert.Equal(folders[0], folders[2]);
            Assert.NotEqual(folders[1], folders[3]);
            Assert.All(folders, static folder => Assert.NotEmpty(Directory.GetFileSystemEntries(folder)));
        }

        Assert.All(folders, static folder => Assert.False(Directory.Exists(Path.GetDirectoryName(folder))));
    }

    [Fact]
    public void Tools_JavaHomeHasBoth_AreTakenFromThere()
    {
        JavaFixture.Require();
        var before = Environment.GetEnvironmentVariable("JAVA_HOME");
        var extension = OperatingSystem.IsWindows() ? ".exe" : "";
        var java = Path.Combine(_folder.CreateSubdirectory("bin").FullName, "java" + extension);
        try
        {
            Environment.SetEnvironmentVariable("JAVA_HOME", _folder.FullName);
            File.WriteAllText(java, "");
            Assert.NotEqual(java, JavaTools.Find()!.Java); // A runtime alone cannot compile: PATH is looked at.

            var compiler = Path.Combine(_folder.FullName, "bin", "javac" + extension);
            File.WriteAllText(compiler, "");
            Assert.Equal(new JavaTools(java, compiler), JavaTools.Find());
        }
        finally
        {
            Environment.SetEnvironmentVariable("JAVA_HOME", before);
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private void Place(string classes, string place)
    {
        var target = Path.Combine(_folder.FullName, place);
        if (place.EndsWith(".jar", StringComparison.Ordinal))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            ZipFile.CreateFromDirectory(classes, target);
            return;
        }

        var package = Directory.CreateDirectory(Path.Combine(target, "example"));
        foreach (var file in Directory.EnumerateFiles(Path.Combine(classes, "example")))
        {
            File.Copy(file, Path.Combine(package.FullName, Path.GetFileName(file)));
        }
    }

    private async Task<LocalFunctionHost> StartAsync(string handler)
    {
        var host = await LocalFunctionHost.StartAsync([], cancellationToken: TestContext.Current.CancellationToken);
        host.Apply(new Dictionary<string, LocalFunctionOptions> { ["it"] = JavaFixture.Function(".", handler) }, _folder.FullName);
        return host;
    }

    private async Task<string> CallAsync(LocalFunctionHost host)
    {
        using var response = await java.CallAsync(host, "it", "{}");
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }
}
