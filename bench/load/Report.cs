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
        string[] columns =
        [
            "profile", "bare YARP, CPU us/request", $"{other}, CPU us/request", "best / best", "median ratio", "aim",
            "bare YARP req/s", $"{other} req/s", "core taken by others", "errors",
        ];
        WriteRow(output, columns);
        WriteRow(output, [.. columns.Select(static (_, index) => index == 0 ? "---" : "---:")]);
        foreach (var (profile, rounds) in results)
        {
            WriteRow(output, Cells(profile, rounds));
        }

        output.WriteLine();
        output.WriteLine($"CPU time: best round (median of all). {Machine(options)}");
    }

    private static string[] Cells(Profile profile, List<RoundPair> rounds)
    {
        var bare = rounds.ConvertAll(static round => round.Bare.Cost);
        var gateway = rounds.ConvertAll(static round => round.Gateway.Cost);
        return
        [
            profile.Name,
            Invariant($"{bare.Min():F1} ({Median(bare):F1})"),
            Invariant($"{gateway.Min():F1} ({Median(gateway):F1})"),
            Invariant($"**{gateway.Min() / bare.Min():F2}**"),
            Invariant($"{Median(rounds.Select(static round => round.Ratio)):F2}"),
            Invariant($"{profile.Aim:F2}"),
            Invariant($"{Median(rounds.Select(static round => round.Bare.Rate)):N0}"),
            Invariant($"{Median(rounds.Select(static round => round.Gateway.Rate)):N0}"),
            Invariant($"{Median(rounds.Select(static round => Math.Max(round.Bare.Others, round.Gateway.Others))):P0}"),
            Invariant($"{rounds.Sum(static round => round.Bare.Failures.Count + round.Gateway.Failures.Count)}"),
        ];
    }

    private static string Machine(LoadOptions options)
    {
        var pinning = CpuPinning.IsAvailable ? "server on a core of its own" : "nothing pinned";
        return Invariant($"{Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, .NET {Environment.Version}, {pinning}; ")
            + Invariant($"{options.Connections} connections, {options.Starts} starts a side, {options.Rounds} rounds of {options.Round.TotalSeconds} s each.");
    }

    private static void WriteRow(TextWriter output, string[] cells) => output.WriteLine($"| {string.Join(" | ", cells)} |");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
