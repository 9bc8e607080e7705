using System.Globalization;
using System.Runtime.InteropServices;

namespace Gateway.Bench.Load;

/// <summary>The result as a Markdown table with one row a profile.</summary>
internal static class Report
{
    /// <summary>Writes the table and, below it, the machine.</summary>
    public static void Write(TextWriter output, IReadOnlyDictionary<Profile, List<RoundPair>> results, LoadOptions options)
    {
        var other = options.IsSelfComparison ? "bare YARP again" : "gateway";
        output.WriteLine($"| profile | bare YARP, CPU us/request: best (median) | {other}, CPU us/request: best (median) | best / best | median ratio | aim | bare req/s | {other} req/s | core taken by others | errors |");
        output.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var (profile, rounds) in results)
        {
            WriteRow(output, profile, rounds);
        }

        output.WriteLine();
        output.WriteLine(Machine(options));
    }

    private static void WriteRow(TextWriter output, Profile profile, List<RoundPair> rounds)
    {
        var bare = rounds.ConvertAll(static round => round.Bare.Cost);
        var gateway = rounds.ConvertAll(static round => round.Gateway.Cost);
        var errors = rounds.Sum(static round => round.Bare.Failures.Count + round.Gateway.Failures.Count);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {profile.Name} | {bare.Min():F1} ({Median(bare):F1}) | {gateway.Min():F1} ({Median(gateway):F1}) | **{gateway.Min() / bare.Min():F2}** | {Median(rounds.Select(static round => round.Ratio)):F2} | {profile.Aim:F2} | {Median(rounds.Select(static round => round.Bare.Rate)):N0} | {Median(rounds.Select(static round => round.Gateway.Rate)):N0} | {Median(rounds.Select(static round => Math.Max(round.Bare.Others, round.Gateway.Others))):P0} | {errors} |"));
    }

    private static string Machine(LoadOptions options)
        => string.Create(
            CultureInfo.InvariantCulture,
            $"{Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, .NET {Environment.Version}, YARP 2.3.0; {(CpuPinning.IsAvailable ? "server on a core of its own" : "nothing pinned")}; {options.Connections} connections, {options.Starts} starts a side, {options.Rounds} rounds of {options.Round.TotalSeconds} s each.");

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
