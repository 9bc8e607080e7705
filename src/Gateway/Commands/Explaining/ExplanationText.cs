using System.Globalization;
using System.Text;
using Gateway.Backends;
using Gateway.Commands.Requests;
using Gateway.Configuration;
using Gateway.Contracts;
using Gateway.Routing;

namespace Gateway.Commands.Explaining;

/// <summary>Writes what became of a request, for people. May hold secrets: see <see cref="Redaction"/>.</summary>
internal static class ExplanationText
{
    /// <summary>The explanation, each line ended by <c>\n</c>.</summary>
    public static string Write(DescribedRequest request, Verdict verdict, GatewayConfiguration configuration)
    {
        var text = new StringBuilder();
        Line(text, "Request", $"{request.Method} {request.Scheme}://{request.Host}{request.Target}, from {DescribeClient(verdict.Gateway)}");
        WriteApi(text, request, verdict, configuration);
        if (verdict.Api is { } api)
        {
            var (group, options) = Find(api, configuration);
            WriteSteps(text, PolicySteps.Of(group, options, configuration), verdict);
            WriteBackend(text, api, options, verdict, configuration);
        }

        WriteResult(text, verdict, configuration.Options.Errors);
        return text.ToString();
    }

    private static void WriteApi(StringBuilder text, DescribedRequest request, Verdict verdict, GatewayConfiguration configuration)
    {
        if (verdict.Api is null && verdict.Failure != GatewayError.ApiNotFound && verdict.Failure != GatewayError.DomainNotFound)
        {
            Line(text, "API", "none was looked for: no API may see such a request");
            return;
        }

        if (verdict.Api is not { } api)
        {
            Line(text, "API", "none");
        }
        else
        {
            var hosts = api.Hosts.Count == 0 ? "" : $" at {string.Join(", ", api.Hosts)}";
            Line(text, "API", $"{api.Id}: {string.Join(',', api.Methods)} {api.Path}{hosts}");
        }

        foreach (var miss in new ApiComparison(configuration, request.Host, request.Method, verdict.Gateway.Target.Path.ToString()).Find(verdict.Api?.Id))
        {
            Line(text, "  not", $"{miss.Id}: {miss.Reason}");
        }
    }

    private static void WriteSteps(StringBuilder text, IReadOnlyList<PolicyStep> steps, Verdict verdict)
    {
        var refusing = verdict.Failure is { } failure ? steps.ToList().FindIndex(step => step.Codes.Contains(failure)) : -1;
        var name = steps.Max(static step => step.Name.Length);
        var setting = steps.Max(static step => step.Setting.Length);
        text.Append("Checks\n");
        for (var i = 0; i < steps.Count; i++)
        {
            var step = steps[i];
            var outcome = i == refusing ? $"REFUSED, {verdict.Failure!.Code}"
                : step.IsOff ? ""
                : verdict.Gateway.Caller is { } caller && step.Name == PolicySteps.Credentials ? $"passed, app {caller.Name}"
                : refusing >= 0 && i > refusing ? "not reached"
                : IsBehindPreflight(verdict) && !step.IsBeforePreflights ? "not asked of a preflight"
                : "passed";
            var row = $"  {step.Name.PadRight(name)}  {(step.IsOff ? "-" : step.Setting).PadRight(setting)}  {outcome}";
            text.Append(row.TrimEnd()).Append('\n');
        }
    }

    private static void WriteBackend(StringBuilder text, Api api, ApiOptions options, Verdict verdict, GatewayConfiguration configuration)
    {
        if (IsBehindPreflight(verdict))
        {
            return;
        }

        var backend = configuration.Options.Backends[api.BackendName];
        var what = backend switch
        {
            MockOptions mock => string.Create(CultureInfo.InvariantCulture, $"mock, answers {mock.StatusCode}"),
            EventFunctionOptions => "event function",
            _ => "web function",
        };
        var call = verdict.Call is { } sent
            ? backend is EventFunctionOptions ? $", gets the event by {sent.Method} {sent.Target}" : $", gets {sent.Method} {sent.Target}"
            : "";
        var timeout = backend is FunctionOptions function
            ? string.Create(CultureInfo.InvariantCulture, $", timeout {(options.Timeout ?? function.Timeout).TotalSeconds:0.###}s")
            : "";
        Line(text, "Backend", $"{api.BackendName} ({what}){call}{timeout}");
    }

    private static void WriteResult(StringBuilder text, Verdict verdict, ErrorsOptions errors)
    {
        if (verdict.Failure is not { } failure)
        {
            Line(text, "Result", IsBehindPreflight(verdict)
                ? string.Create(CultureInfo.InvariantCulture, $"answered by the gateway itself with {verdict.Status}")
                : "would be served");
            return;
        }

        Line(text, "Result", string.Create(CultureInfo.InvariantCulture, $"refused, {Gateway.Errors.ErrorAnswer.StatusOf(failure, errors)} {failure.Code} ({failure.Title.ToLowerInvariant()})"));
        Line(text, "Message", failure.Describe(verdict.Gateway.FailureDetail));
        if (failure != GatewayError.InvalidSignature)
        {
            Line(text, "Cure", ErrorGuide.CureOf(failure)); // That one's is to use this verb; the diagnosis follows.
        }
    }

    private static bool IsBehindPreflight(Verdict verdict)
        => verdict is { Failure: null, Call: null, Api: { Mock: null } };

    private static string DescribeClient(GatewayFeature gateway)
        => $"{gateway.ClientAddress?.ToString() ?? "an unknown address"}{(gateway.IsPeerTrusted ? " as a trusted proxy says" : "")}";

    private static (GroupOptions Group, ApiOptions Api) Find(Api api, GatewayConfiguration configuration)
    {
        var names = api.Id.Split('/');
        var group = configuration.Options.Groups[names[0]];
        return (group, group.Apis[names[1]]);
    }

    private static void Line(StringBuilder text, string title, string value)
        => text.Append(title.PadRight(13)).Append(Signing.StringToSignText.Show(value)).Append('\n');
}
