using CsCheck;
using Gateway.Observability;

namespace Gateway.Tests.Observability;

/// <summary>A query in a trace has names and no values.</summary>
public sealed class QueryRedactionTests
{
    [Theory]
    [InlineData("a=1&b=2", "a=REDACTED&b=REDACTED")]
    [InlineData("AppCode=secret", "AppCode=REDACTED")]
    [InlineData("secret", "REDACTED")]
    [InlineData("a=1=2", "a=REDACTED")]
    [InlineData("a=", "a=REDACTED")]
    public void Redact_OfAQuery_LeavesNames(string query, string expected) => Assert.Equal(expected, QueryRedaction.Redact(query));

    [Fact]
    public void Redact_OfAnyQueryWithASecretValue_DoesNotShowIt()
        => Gen.Select(Gen.String[Gen.Char["ab=&%+"], 0, 20], Gen.String[Gen.Char["ab&%+"], 0, 20])
            .Sample(static (before, after) => Assert.DoesNotContain("SECRET", QueryRedaction.Redact($"{before}&k=SECRET{after}"), StringComparison.Ordinal));
}
