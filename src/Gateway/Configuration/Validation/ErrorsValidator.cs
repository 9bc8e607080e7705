using System.Collections.Frozen;
using System.Reflection;
using Gateway.Contracts;

namespace Gateway.Configuration.Validation;

/// <summary>Rules for <c>Gateway:Errors</c>.</summary>
internal static class ErrorsValidator
{
    private const string Path = "Gateway:Errors:Status";

    private static readonly FrozenSet<string> Codes = typeof(GatewayError)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Where(static field => field.FieldType == typeof(GatewayError))
        .Select(static field => ((GatewayError)field.GetValue(null)!).Code)
        .ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Adds the problems of the section.</summary>
    public static void Validate(ErrorsOptions errors, ValidationContext context)
    {
        foreach (var (code, status) in errors.Status)
        {
            if (!Codes.Contains(code))
            {
                var nearest = Suggestion.DidYouMean(code, Codes.Order(StringComparer.Ordinal));
                context.Add($"{Path}:{code}", $"{Show.Value(code)} is not an error code.{nearest} docs/errors.md lists the codes.");
            }
            else if (status is < 400 or > 599)
            {
                context.Add($"{Path}:{code}", $"{status} is not the status of an error. Write a number from 400 to 599.");
            }
        }
    }
}
