namespace Gateway.Contracts;

/// <summary>What an API is called in metrics, traces and logs. Made when the configuration is compiled, so that labels never come from a request.</summary>
/// <param name="Api">Group and API, <c>fc-group/greet</c>; the label <c>gateway.api</c>.</param>
/// <param name="Group">Name of the group; the label <c>gateway.group</c>.</param>
/// <param name="Stage">The stage's wire name, or <see cref="AnyStage"/>; the label <c>gateway.stage</c>.</param>
/// <param name="Route">Base path and path as configured; the attribute <c>http.route</c> of spans. Empty where no API was matched.</param>
public sealed record ApiLabels(string Api, string Group, string Stage, string Route)
{
    /// <summary>The stage of a process that serves every known one (Development).</summary>
    public const string AnyStage = "ANY";

    /// <summary>API and group of requests that match no API.</summary>
    public const string None = "_other";

    /// <summary>The labels of requests that match no API.</summary>
    /// <param name="stage">The stage that is served; null for any.</param>
    public static ApiLabels Unmatched(string? stage) => new(None, None, stage ?? AnyStage, "");
}
