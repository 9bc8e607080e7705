namespace Gateway.Bench.Load;

/// <summary>Brings a server to the cost that lasts: compiled for good, caches filled.</summary>
/// <remarks>
/// A loaded core starves the JIT's background thread, for many seconds when others use the core as well, and meanwhile a request costs up
/// to four times as much. So load and silence alternate, and CPU time used in the silence is work of the JIT.
/// </remarks>
internal sealed class WarmUp(LoadGenerator load)
{
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(150);

    /// <summary>Timers of an idle server stay below this in one silence; the system counts in steps of 10 ms.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(10);

    /// <summary>Loads a server until the JIT has nothing left to do and a request has stopped getting cheaper.</summary>
    public async Task RunAsync(ServerProcess server, LoadRequest request)
    {
        const int most = 16, enough = 3;
        const double cheaper = 0.97;

        var best = double.MaxValue;
        for (int slice = 0, unchanged = 0; slice < most && unchanged < enough; slice++)
        {
            var cost = (await load.RunAsync(server, request, Slice)).Cost;
            var hasCompiled = await WaitForCompilerAsync(server);
            unchanged = hasCompiled || cost < best * cheaper ? 0 : unchanged + 1;
            best = Math.Min(best, cost);
        }
    }

    /// <summary>Waits while the server works without being asked to; true when that was for longer than a few timers take.</summary>
    private static async Task<bool> WaitForCompilerAsync(ServerProcess server)
    {
        var start = server.CpuTime;
        TimeSpan before;
        do
        {
            before = server.CpuTime;
            await Task.Delay(Silence);
        }
        while (server.CpuTime - before > Idle);
        return server.CpuTime - start > Idle * 5;
    }
}
