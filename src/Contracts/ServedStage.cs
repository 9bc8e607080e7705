namespace Gateway.Contracts;

/// <summary>The stage of this process as a label, for what is counted without a request.</summary>
/// <param name="Label">The stage's wire name, or <see cref="ApiLabels.AnyStage"/>.</param>
public sealed record ServedStage(string Label);
