namespace Gateway.Configuration.Binding;

/// <summary>A list of texts that may be written as a single text when it has one element.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OneOrManyAttribute : Attribute;
