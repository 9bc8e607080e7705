using System.Diagnostics;

namespace Gateway.Bench.Load;

/// <summary>The three programs of a run: where they are, and how they are started.</summary>
/// <param name="profiles">The profiles of the run; the first one tells when a program is ready.</param>
internal sealed class Programs(IReadOnlyList<Profile> profiles)
{
    private static readonly string Root = FindRoot();

    /// <summary>Builds all three in Release.</summary>
    /// <exception cref="InvalidOperationException">One does not build; the compiler has said why.</exception>
    public static async Task BuildAsync()
    {
        foreach (var project in new[] { "src/Gateway", "bench/BareYarp", "bench/Backend" })
        {
            string[] arguments = ["build", Path.Combine(Root, project), "-c", "Release", "-v", "q", "--nologo"];
            using var build = Process.Start("dotnet", arguments);
            await build.WaitForExitAsync();
            if (build.ExitCode != 0)
            {
                throw new InvalidOperationException($"{project} does not build.");
            }
        }
    }

    /// <summary>Starts the backend.</summary>
    public static Task<ServerProcess> StartBackendAsync()
        => ServerProcess.StartAsync(Assembly("Backend", "Gateway.Bench.Backend"), CpuPinning.OtherCore, LoadRequest.Get("/small", 200), []);

    /// <summary>Starts bare YARP.</summary>
    public Task<ServerProcess> StartBareYarpAsync(ServerProcess backend)
        => ServerProcess.StartAsync(
            Assembly("BareYarp", "Gateway.Bench.BareYarp"),
            CpuPinning.ServerCore,
            profiles[0].Bare,
            [],
            ("ReverseProxy__Clusters__backend__Destinations__only__Address", $"http://{backend.EndPoint}"));

    /// <summary>Starts the gateway.</summary>
    public Task<ServerProcess> StartGatewayAsync(ServerProcess backend)
        => ServerProcess.StartAsync(
            Assembly("Gateway", "Gateway"),
            CpuPinning.ServerCore,
            profiles[0].Gateway,
            ["--config", Path.Combine(Root, "bench", "load", "config")],
            ("Gateway__Backends__web__Address", $"http://{backend.EndPoint}"),
            ("Gateway__Backends__event__Address", $"http://{backend.EndPoint}"));

    private static string Assembly(string project, string name)
    {
        var path = Path.Combine(Root, "artifacts", "bin", project, "release", name + ".dll");
        return File.Exists(path) ? path : throw new InvalidOperationException($"{path} is missing; run without --no-build.");
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Gateway.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("Run it from within the repository.");
    }
}
