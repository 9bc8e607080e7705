using System.Text.Json.Nodes;
using Gateway.Commands.Routes;
using Gateway.Tests.Configuration;
using Gateway.TestSupport;

namespace Gateway.Tests.Commands;

/// <summary>The verb <c>routes</c>: what is in effect for each API.</summary>
public class ApiListingTests
{
    [Fact]
    public void Table_EveryKindOfPolicy_IsGolden() => Golden.Matches("routes.txt", ApiListing.WriteTable(Loading.LoadValid(Loading.ValidPolicies)));

    [Fact]
    public void Json_EveryKindOfPolicy_IsGolden() => Golden.Matches("routes.json", ApiListing.WriteJson(Loading.LoadValid(Loading.ValidPolicies)));

    /// <summary>Lesson TO-02: effective timeouts are listed, the API's own over its backend's.</summary>
    [Fact]
    public void Timeouts_OfEachApi_AreTheEffectiveOnes()
    {
        var apis = JsonNode.Parse(ApiListing.WriteJson(Loading.LoadValid(Loading.Valid.Replace("\"Timeout\": \"30s\"", "\"Timeout\": \"30s\", \"ConnectTimeout\": \"1s\"", StringComparison.Ordinal))))!;

        Assert.Equal("""{"whole":"10s","silence":null,"connect":"5s","idle":null}""", apis[0]!["timeouts"]!.ToJsonString());
        Assert.Equal("""{"whole":null,"silence":"3s","connect":"1s","idle":"10m"}""", apis[1]!["timeouts"]!.ToJsonString());
    }

    /// <summary>Decision 20: where limits of apps come from the group and do not apply, the listing says so.</summary>
    [Fact]
    public void Table_OpenApiUnderLimitsOfApps_SaysThatTheyDoNotApply()
    {
        var table = ApiListing.WriteTable(Loading.LoadValid(Loading.ValidPolicies));
        var open = table[table.IndexOf("shop/open", StringComparison.Ordinal)..table.IndexOf("shop/free", StringComparison.Ordinal)];

        Assert.Contains("Standard (of the group): 1000 a minute in all; 60 a minute by address; limits of apps do not apply, as anybody may call", open, StringComparison.Ordinal);
        Assert.Contains("addresses of apps do not apply", open, StringComparison.Ordinal);
    }

    [Fact]
    public void Table_EveryGrantWithdrawn_SaysNobody()
        => Assert.Contains(
            "nobody: no grant is in force",
            ApiListing.WriteTable(Loading.LoadValid("""
                { "Gateway": { "Apps": { "a": { "AppCodes": [ "0123456789" ] } }, "Backends": { "b": { "Type": "Mock" } },
                  "Groups": { "g": { "Apis": { "x": { "Path": "/", "Backend": "b", "Apps": { "a": { "Enabled": false } } } } } } } }
                """)),
            StringComparison.Ordinal);

    [Fact]
    public void Table_LongList_IsCut()
    {
        var networks = string.Join(", ", Enumerable.Range(0, 300).Select(static n => $"\"10.{n % 256}.{n / 256}.0/24\""));
        var table = ApiListing.WriteTable(Loading.LoadValid($$"""
            { "Gateway": { "Backends": { "b": { "Type": "Mock" } }, "Policies": { "p": { "Type": "IpAccess", "Allow": [ {{networks}} ] } },
              "Groups": { "g": { "Apis": { "x": { "Path": "/", "Backend": "b", "Auth": "None", "Policies": { "IpAccess": "p" } } } } } } }
            """));

        Assert.Contains("10.4.0.0/24 and 295 more\n", table, StringComparison.Ordinal);
    }

    [Fact]
    public void Listing_SecretsOfApps_AreNotInIt()
    {
        var configuration = Loading.LoadValid(Loading.ValidPolicies);
        var listing = ApiListing.WriteTable(configuration) + ApiListing.WriteJson(configuration);

        Assert.DoesNotContain("secret-", listing, StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789abcdef", listing, StringComparison.Ordinal);
    }
}
