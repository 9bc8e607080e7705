using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Gateway.LocalFunctions.Tests;

/// <summary>Calls functions of a host as the gateway would.</summary>
internal static class HostExtensions
{
    public static Uri InvokeAddress(this LocalFunctionHost host, string function)
        => new(host.Address, $"/2023-03-30/functions/{function}/invocations");

    public static async Task<HttpResponseMessage> InvokeAsync(this LocalFunctionHost host, string function, string eventJson)
    {
        using var client = new HttpClient();
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(eventJson));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return await client.PostAsync(host.InvokeAddress(function), content, TestContext.Current.CancellationToken);
    }

    public static Task<string> ReadTextAsync(this HttpResponseMessage response)
        => response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    public static async Task<JsonElement> ReadJsonAsync(this HttpResponseMessage response)
        => JsonElement.Parse(await response.ReadTextAsync());
}
