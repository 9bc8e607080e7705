using System.Diagnostics;

namespace Gateway.Bench.Load;

/// <summary>Puts one server under load for a while and reads what that cost it.</summary>
/// <param name="connections">Keep-alive connections, each with one request in flight.</param>
internal sealed class LoadGenerator(int connections)
{
    /// <summary>Runs one round.</summary>
    /// <exception cref="InvalidOperationException">Not one request was answered as it should be.</exception>
    public async Task<Sample> RunAsync(ServerProcess server, LoadRequest request, TimeSpan duration)
    {
        var open = new List<LoadConnection>(connections);
        try
        {
            for (var i = 0; i < connections; i++)
            {
                open.Add(await LoadConnection.OpenAsync(server.EndPoint, request));
            }

            // The first request of each connection pays for accepting it: it stays outside the measurement.
            await RunAllAsync(open, end: 0);

            var (cpu, core, start) = (server.CpuTime, CpuPinning.ServerCoreBusy(), Stopwatch.GetTimestamp());
            await RunAllAsync(open, start + (long)(duration.TotalSeconds * Stopwatch.Frequency));
            var elapsed = Stopwatch.GetElapsedTime(start);
            cpu = server.CpuTime - cpu;
            core = CpuPinning.ServerCoreBusy() - core;

            var answers = open.Sum(static connection => connection.Answers);
            string[] failures = [.. open.Select(static connection => connection.Failure).OfType<string>()];
            return answers > 0
                ? new Sample(answers, elapsed, cpu, Math.Max(0, (core - cpu) / elapsed), failures)
                : throw new InvalidOperationException($"No request was answered as it should be. {failures[0]}");
        }
        finally
        {
            open.ForEach(static connection => connection.Dispose());
        }
    }

    private static Task RunAllAsync(List<LoadConnection> open, long end)
        => Task.WhenAll(open.Select(connection => connection.RunAsync(end)));
}
