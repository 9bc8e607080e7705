using Gateway.Contracts;

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

        new AppValidator(context).Validate(options.Apps);
        LocalFunctionValidator.Validate(options.LocalFunctions, context);
        BackendValidator.Validate(options, context);
        PolicyValidator.Validate(options, context);
        GroupValidator.Validate(options, context);
        ApiOverlapValidator.Validate(options.Groups, context);
        TrustedProxyValidator.Validate(options.TrustedProxies, context);
        ErrorsValidator.Validate(options.Errors, context);
        ManagementValidator.Validate(options.Management, context);
        TlsValidator.Validate(options.Tls, context);
        if (options.Shutdown.DrainDelayFor(context.IsDevelopment) is var delay && delay >= options.Shutdown.Timeout)
        {
            context.Add(
                "Gateway:Shutdown:Timeout",
                $"{Duration.Format(options.Shutdown.Timeout)} is over before the DrainDelay of {Duration.Format(delay)} is. Write a longer Timeout, with time for the calls under way.");
        }

        ValidateBodyFolder(options.Authentication.BodyFolder, context);
    }

    /// <summary>The folder must be there when the configuration is checked; whether the program may write to it shows only when it does.</summary>
    private static void ValidateBodyFolder(string? folder, ValidationContext context)
    {
        const string path = "Gateway:Authentication:BodyFolder";
        if (folder is not null && !Path.IsPathFullyQualified(folder))
        {
            context.Add(path, $"{Show.Value(folder)} depends on the folder the program is started in. Write the whole path, such as /var/tmp/gateway.");
        }
        else if (folder is not null && !Directory.Exists(folder))
        {
            context.Add(path, $"there is no folder {Show.Value(folder)} on this machine. Make it, and let the gateway write to it, or take the key out for the system's own.");
        }
    }
}
