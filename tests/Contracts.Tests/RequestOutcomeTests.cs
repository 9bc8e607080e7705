using System.Reflection;

namespace Gateway.Contracts.Tests;

/// <summary>Each row of the error catalogue says who is to blame, in the words of the metric.</summary>
public sealed class RequestOutcomeTests
{
    private static readonly GatewayError[] Rows =
        [.. typeof(GatewayError).GetFields(BindingFlags.Public | BindingFlags.Static).Where(static field => field.FieldType == typeof(GatewayError)).Select(static field => (GatewayError)field.GetValue(null)!)];

    [Fact]
    public void Outcome_OfEachRow_FitsItsClassAndStatus()
        => Assert.All(Rows, static row => Assert.Contains(row.Outcome, row.Status switch
        {
            429 => [RequestOutcome.Throttled],
            >= 500 => [RequestOutcome.GatewayError, RequestOutcome.FunctionError, RequestOutcome.BackendDown, RequestOutcome.GatewayTimeout],
            _ => (RequestOutcome[])[RequestOutcome.ClientError, RequestOutcome.Auth, RequestOutcome.Ip],
        }));

    [Fact]
    public void Name_OfEachOutcome_IsItsOwn()
    {
        var names = Enum.GetValues<RequestOutcome>().Select(static outcome => outcome.Name()).ToArray();

        Assert.Equal(12, names.Distinct().Count());
        Assert.All(names, static name => Assert.Matches("^[a-z_]+$", name));
    }

    [Fact]
    public void Fail_WhereACodeHasSeveralCauses_TakesTheWordOfWhoeverRefuses()
    {
        var gateway = new GatewayFeature { RequestId = "1" };

        gateway.Fail(GatewayError.Busy, outcome: RequestOutcome.Throttled);
        gateway.Fail(GatewayError.Internal);

        Assert.Equal(RequestOutcome.Throttled, gateway.FailureOutcome);
    }
}
