using System.IO.Compression;
using Gateway.LocalFunctions.Processes;
using Gateway.LocalFunctions.Runtimes;

namespace Gateway.LocalFunctions.Tests;

/// <summary>What happens around the calls of Java functions: hooks, compiling, replacing.</summary>
[Collection("Java")]
public sealed class JavaLifecycleTests(JavaFixture java) : IDisposable
{
    private const string Source = """
        import com.aliyun.fc.runtime.*;
        public class Version implements PojoRequestHandler<Object, String>, PreStopHandler {
          public String handleRequest(Object input, Context context) { return "@"; }
          public void preStop(Context context) { System.out.println("stopping @"); }
        }
        """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    [Fact]
    public async Task Context_OfACall_HasTheFunctionsSettings()
    {
        using var response = await java.CallAsync("cases", "context");

        Assert.Equal(
            Assert.Single(response.Headers.GetValues("X-Fc-Request-Id")) + " cases fixtures.Cases::handleRequest 60000 512 LATEST  0",
            await response.Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public async Task Hooks_OfTheHandlersClass_AreCalledOnceOnTheSameObject()
    {
        Assert.Equal("1 1", await java.TextAsync("hooks", "calls"));
        Assert.Equal("1 2", await java.TextAsync("hooks", "calls"));
    }

    [Fact]
    public async Task Code_Saved_IsRunByTheNextCallAndTheOldProcessStops()
    {
        var source = Path.Combine(java.Folder.CreateSubdirectory("saved/src/main/java").FullName, "Version.java");
        await SaveAsync(source, "first");
        Assert.Equal("\"first\"", await java.TextAsync("saved", "{}"));

        await File.WriteAllTextAsync(source, "class", Cancel);
        Assert.Contains("src/main/java/Version.java:1: error:", await java.TextAsync("saved", "{}"), StringComparison.Ordinal);
        await java.LoggedAsync(" stopping first");

        await SaveAsync(source, "second, é");
        Assert.Equal("\"second, é\"", await java.TextAsync("saved", "{}"));
    }

    [Fact]
    public async Task Code_Compiled_RunsWithoutSources()
    {
        JavaFixture.Require();
        await SaveAsync(Path.Combine(_folder.FullName, "Version.java"), "compiled");
        var classes = java.Folder.CreateSubdirectory("classes/target/classes").FullName;
        await using (var processes = new ProcessEnvironment())
        {
            await JavaCompiler.RunAsync(
                JavaTools.Find()!.Compiler,
                _folder.FullName,
                ["-sourcepath", JavaRuntime.WorkerSources, "-implicit:none", "-d", classes, "Version.java"],
                processes.Guard,
                Cancel);
        }

        File.Copy(Path.Combine(classes, "Version.class"), Path.Combine(java.Folder.CreateSubdirectory("bare").FullName, "Version.class"));
        ZipFile.CreateFromDirectory(classes, Path.Combine(java.Folder.CreateSubdirectory("jar").FullName, "app.jar"));
        ZipFile.CreateFromDirectory(classes, Path.Combine(java.Folder.CreateSubdirectory("lib/lib").FullName, "app.jar"));

        foreach (var function in (string[])["classes", "bare", "jar", "lib"])
        {
            Assert.Equal("\"compiled\"", await java.TextAsync(function, "{}"));
        }
    }

    [Fact]
    public async Task Build_SameCode_IsMadeOnceAndDeletedWithTheHost()
    {
        JavaFixture.Require();
        var tools = JavaTools.Find()!;
        var source = Path.Combine(_folder.FullName, "Version.java");
        await File.WriteAllTextAsync(source, Source, Cancel);
        string[] folders;
        await using (var processes = new ProcessEnvironment())
        {
            var first = processes.Java.BuildAsync(tools, _folder.FullName);
            Assert.Same(first, processes.Java.BuildAsync(tools, _folder.FullName));
            await File.AppendAllTextAsync(source, "\n", Cancel);
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

    private static Task SaveAsync(string path, string version)
        => File.WriteAllTextAsync(path, Source.Replace("@", version, StringComparison.Ordinal), Cancel);
}
