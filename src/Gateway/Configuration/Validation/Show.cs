using Gateway.Configuration.Binding;

namespace Gateway.Configuration.Validation;

/// <summary>Values in messages.</summary>
internal static class Show
{
    /// <summary>A value in quotes; never pass a secret.</summary>
    public static string Value(string value) => SecretKeys.Show("", value);
}
