using System.Net;
using Gateway.Management;

namespace Gateway.Configuration.Validation;

/// <summary>Rules for <c>Gateway:Management</c>.</summary>
internal static class ManagementValidator
{
    /// <summary>Adds the problems of the section.</summary>
    public static void Validate(ManagementOptions options, ValidationContext context)
    {
        if (!IPAddress.TryParse(options.Address, out _))
        {
            context.Add(
                "Gateway:Management:Address",
                $"{Show.Value(options.Address)} is not an IP address. Write 127.0.0.1 for this machine only, or 0.0.0.0 for every interface of a container.");
        }
    }
}
