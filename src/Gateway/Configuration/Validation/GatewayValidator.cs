namespace Gateway.Configuration.Validation;

/// <summary>All rules that types and ranges cannot express.</summary>
internal static class GatewayValidator
{
    /// <summary>Adds a problem for every rule that is broken.</summary>
    public static void Validate(GatewayOptions options, ValidationContext context)
    {
        if (options.Stage is { } stage && !StageName.IsValid(stage))
        {
            context.Add(
                "Gateway:Stage", $"{Show.Value(stage)} is not the name of a stage. Write 2 to 10 upper-case letters or digits, such as RELEASE.");
        }

        BackendValidator.Validate(options.Backends, context);
        GroupValidator.Validate(options, context);
        ApiOverlapValidator.Validate(options.Groups, context);
        TrustedProxyValidator.Validate(options.TrustedProxies, context);
        ErrorsValidator.Validate(options.Errors, context);
    }
}
