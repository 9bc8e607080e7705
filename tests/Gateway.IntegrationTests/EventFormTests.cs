using System.Globalization;
using System.Text;

namespace Gateway.IntegrationTests;

/// <summary>Forms as maps stay affordable.</summary>
public class EventFormTests
{
    [Theory]
    [InlineData(4_096, "{")]
    [InlineData(4_097, "f0=0&")]
    public async Task JsonMap_OfTooManyFields_StandsAsSent(int fields, string beginning)
    {
        await using var gateway = await RunningGateway.StartSectionAsync("""
            {
              "Backends": { "echo": { "Type": "EventFunction", "FormBody": "JsonMap" } },
              "Groups": { "g": { "Apis": { "e": { "Path": "/e", "Backend": "echo", "Auth": "None" } } } }
            }
            """);
        var form = string.Join('&', Enumerable.Range(0, fields).Select(static i => string.Create(CultureInfo.InvariantCulture, $"f{i}={i}")));
        using var content = new StringContent(form, Encoding.UTF8, "application/x-www-form-urlencoded");

        using var response = await gateway.Client.PostAsync(new Uri(gateway.Address, "/e"), content);

        var received = System.Text.Json.Nodes.JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.StartsWith(beginning, (string?)received["body"], StringComparison.Ordinal);
        Assert.False((bool)received["isBase64Encoded"]!);
    }
}
