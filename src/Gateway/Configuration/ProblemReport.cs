using System.Globalization;
using System.Text;

namespace Gateway.Configuration;

/// <summary>When a configuration was refused.</summary>
internal enum ReportOccasion
{
    /// <summary>At start: nothing runs.</summary>
    Start,

    /// <summary>While running: the last good configuration keeps serving.</summary>
    Reload,

    /// <summary>By the verb <c>validate</c>.</summary>
    Validate,
}

/// <summary>Writes problems for people.</summary>
internal static class ProblemReport
{
    /// <summary>The report, with <c>\n</c> at the end of each line.</summary>
    /// <param name="problems">The problems; at least one.</param>
    /// <param name="environment">Name of the environment.</param>
    /// <param name="occasion">When the configuration was refused.</param>
    public static string Write(IReadOnlyList<Problem> problems, string environment, ReportOccasion occasion)
    {
        var count = problems.Count == 1 ? "1 problem" : string.Create(CultureInfo.InvariantCulture, $"{problems.Count} problems");
        var stage = StageName.Of(environment) is { } name ? $"stage {name} (environment {environment})" : $"environment {environment}";
        var widest = problems.Max(static problem => problem.Path.Length);
        var report = new StringBuilder();
        report.Append("gateway: configuration is not valid for ").Append(stage).Append(": ").Append(count).Append('\n');
        foreach (var problem in problems)
        {
            report.Append("\n  ").Append(Printable(problem.Path.PadRight(widest))).Append("  ").Append(problem.Origin);
            report.Append("\n      ").Append(Printable(problem.Message)).Append('\n');
        }

        report.Append('\n').Append(occasion switch
        {
            ReportOccasion.Start => $"Nothing was started. Check again with: gateway validate --stage {environment}",
            ReportOccasion.Reload => "Nothing was changed: the last good configuration keeps serving. Save the files again once they are mended.",
            _ => $"These files cannot be served. Check again with: gateway validate --stage {environment}",
        });
        return report.Append('\n').ToString();
    }

    /// <summary>Keys and values are the operator's, but a line break in one must not look like another line of the log.</summary>
    private static string Printable(string text) => string.Concat(text.Select(static c => char.IsControl(c) ? '#' : c));
}
