using Gateway.Policies.Cors;

namespace Gateway.Configuration.Validation;

/// <summary>Rules for policies of type <c>Cors</c>.</summary>
internal static class CorsValidator
{
    private const string Any = "*";

    /// <summary>Adds the problems of one policy.</summary>
    public static void Validate(CorsOptions policy, string path, ValidationContext context)
    {
        ValidateOrigins(policy, path, context);
        ValidateMethods(policy.AllowMethods, $"{path}:{nameof(policy.AllowMethods)}", context);
        ValidateHeaders(policy.AllowHeaders, $"{path}:{nameof(policy.AllowHeaders)}", context);
        ValidateHeaders(policy.ExposeHeaders, $"{path}:{nameof(policy.ExposeHeaders)}", context);
        if (policy.AllowCredentials && policy.ExposeHeaders.Contains(Any))
        {
            context.Add(
                $"{path}:{nameof(policy.ExposeHeaders)}",
                "with AllowCredentials browsers take * for the name of a header. Write the names of the headers that pages may read.");
        }
    }

    private static void ValidateOrigins(CorsOptions policy, string path, ValidationContext context)
    {
        var originsPath = $"{path}:{nameof(policy.AllowOrigins)}";
        if (policy.AllowOrigins.Count == 0)
        {
            context.Add(originsPath, "the list is empty, so that no page could call. Write the origins of your pages, such as https://app.example.com.");
        }

        for (var i = 0; i < policy.AllowOrigins.Count; i++)
        {
            if (CorsPolicy.RefuseOrigin(policy.AllowOrigins[i]) is { } refusal)
            {
                context.Add($"{originsPath}:{i}", $"{refusal}.");
            }
        }

        if (policy.AllowCredentials && policy.AllowOrigins.Contains(Any))
        {
            context.Add(
                $"{path}:{nameof(policy.AllowCredentials)}",
                "any page of the web could then call with the cookies of its reader, as AllowOrigins holds *. Write the origins of your pages there.");
        }
    }

    private static void ValidateMethods(IReadOnlyList<string> methods, string path, ValidationContext context)
    {
        if (methods.Count == 0)
        {
            context.Add(path, "the list is empty, so that no page could call. Write the methods of the APIs, such as GET and POST.");
        }

        for (var i = 0; i < methods.Count; i++)
        {
            if (methods[i] is Any || methods[i].Equals("ANY", StringComparison.OrdinalIgnoreCase))
            {
                context.Add($"{path}:{i}", $"'{methods[i]}' is not a method. Write each method that pages may use.");
            }
            else if (HttpToken.RefuseMethod(methods[i]) is { } refusal)
            {
                context.Add($"{path}:{i}", refusal);
            }
        }
    }

    private static void ValidateHeaders(IReadOnlyList<string> headers, string path, ValidationContext context)
    {
        for (var i = 0; i < headers.Count; i++)
        {
            if (!HttpToken.IsToken(headers[i]))
            {
                context.Add($"{path}:{i}", $"{Show.Value(headers[i])} is not the name of a header. Use letters, digits and '-'.");
            }
        }
    }
}
