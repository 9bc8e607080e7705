using Gateway.Backends;
using Gateway.Backends.Health;
using Gateway.Backends.Resilience;
using Gateway.Contracts;

namespace Gateway.Configuration.Validation;

/// <summary>Rules for retries, hedging and health of a backend.</summary>
internal static class BackendResilienceValidator
{
    /// <summary>Adds the problems of one backend.</summary>
    public static void Validate(FunctionOptions options, string path, ValidationContext context)
    {
        if (options.Retry is { } retry)
        {
            ValidateRetry(retry, $"{path}:{nameof(options.Retry)}", context);
        }

        if (options.Health is { } health)
        {
            ValidateHealth(health, options, $"{path}:{nameof(options.Health)}", context);
        }
    }

    private static void ValidateRetry(RetryOptions retry, string path, ValidationContext context)
    {
        for (var i = 0; i < retry.Statuses.Count; i++)
        {
            if (retry.Statuses[i] is < 400 or > 599)
            {
                context.Add($"{path}:{nameof(retry.Statuses)}:{i}", $"{retry.Statuses[i]} is not the status of a failure. Write one from 400 to 599, or take it out.");
            }
        }

        for (var i = 0; i < retry.Methods.Count; i++)
        {
            if (HttpToken.RefuseMethod(retry.Methods[i]) is { } refusal)
            {
                context.Add($"{path}:{nameof(retry.Methods)}:{i}", refusal);
            }
            else if (retry.Methods[i].Equals("ANY", StringComparison.OrdinalIgnoreCase))
            {
                context.Add($"{path}:{nameof(retry.Methods)}:{i}", "ANY cannot stand here. Name each method that may reach the backend twice.");
            }
        }

        if (retry.MaxDelay < retry.Delay)
        {
            context.Add(
                $"{path}:{nameof(retry.MaxDelay)}",
                $"the longest delay, {Duration.Format(retry.MaxDelay)}, is shorter than Delay, {Duration.Format(retry.Delay)}. Write {Duration.Format(retry.Delay)} or more.");
        }
    }

    private static void ValidateHealth(HealthOptions health, FunctionOptions options, string path, ValidationContext context)
    {
        if (health is { Active: null, Passive: null })
        {
            if (!context.HasProblem(path))
            {
                context.Add(path, "nothing is checked. Write \"Passive\": {}, or \"Active\" with a Path, or take Health out.");
            }

            return;
        }

        if (health.Active is not { } active)
        {
            return;
        }

        var activePath = $"{path}:{nameof(health.Active)}";
        if (options is EventFunctionOptions { Invoke: InvokeProtocol.FunctionCompute })
        {
            context.Add(
                activePath, "Active cannot apply: the function service has no path that tells of one function. Use Passive, or \"Invoke\": \"CustomRuntime\".");
            return;
        }

        var pathOfPath = $"{activePath}:{nameof(active.Path)}";
        if (active.Path is null)
        {
            context.AddMissing(pathOfPath, "Write the path that answers 2xx while the backend works, such as /health.");
        }
        else if (!active.Path.StartsWith('/') || active.Path.Any(static c => c is <= ' ' or > '~' or '?' or '#' or '\\'))
        {
            context.Add(pathOfPath, $"{Show.Value(active.Path)} is not a path. Write one such as /health, in ASCII and without a query.");
        }

        if (active.Timeout > active.Interval)
        {
            context.Add(
                $"{activePath}:{nameof(active.Timeout)}",
                $"a probe would last longer than Interval, {Duration.Format(active.Interval)}. Write {Duration.Format(active.Interval)} or less.");
        }
    }
}
