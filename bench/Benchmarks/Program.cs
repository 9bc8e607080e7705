using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;

namespace Gateway.Benchmarks;

/// <summary>Runs the benchmarks that the command line picks, e.g. <c>--filter *Event*</c>.</summary>
internal static class Program
{
    /// <summary>Short by default, so that a look at one change takes a minute; <c>--job medium</c> gives a number to quote.</summary>
    private static void Main(string[] args)
        => BenchmarkSwitcher
            .FromAssembly(typeof(Program).Assembly)
            .Run(args, args.Contains("--job") ? DefaultConfig.Instance : DefaultConfig.Instance.AddJob(Job.ShortRun));
}
