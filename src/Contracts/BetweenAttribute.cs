namespace Gateway.Contracts;

/// <summary>The range of an options property, both ends included. The binder enforces it; schema and documentation print it.</summary>
/// <param name="minimum">Lowest value, written as in configuration: <c>1</c>, <c>10ms</c>, <c>1KB</c>.</param>
/// <param name="maximum">Highest value, written as in configuration.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class BetweenAttribute(string minimum, string maximum) : Attribute
{
    /// <summary>Lowest value.</summary>
    public string Minimum { get; } = minimum;

    /// <summary>Highest value.</summary>
    public string Maximum { get; } = maximum;
}
