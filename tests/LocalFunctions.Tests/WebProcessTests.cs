using System.Diagnostics;
using System.Net;
using System.Text.Json;

namespace Gateway.LocalFunctions.Tests;

public sealed class WebProcessTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Process_Dies_Is502AndTheNextRequestWorks()
    {
        await using var function = await CustomFolder.StartAsync();
        using var client = new HttpClient();

        using var died = await client.GetAsync(function.WebAddress + "/exit", Cancel);

        Assert.Equal(HttpStatusCode.BadGateway, died.StatusCode);
        var error = await died.ReadJsonAsync();
        Assert.Equal("BadResponse", error.GetProperty("Code").GetString());
        Assert.StartsWith("Process exited unexpectedly before completing request", error.GetProperty("Message").GetString(), StringComparison.Ordinal);
        Assert.Equal(TestFunctions.Header(died, "X-Fc-Request-Id"), error.GetProperty("RequestId").GetString());
        Assert.Equal("/next", (await GetAsync(client, function, "/next")).GetProperty("url").GetString());
    }

    [Fact]
    public async Task Process_IsSilentPastTheTimeout_Is502AndTheNextRequestHasANewOne()
    {
        await using var function = await CustomFolder.StartAsync(new LocalFunctionOptions { Timeout = TimeSpan.FromSeconds(2) });
        using var client = new HttpClient();
        using var process = Process.GetProcessById((await GetAsync(client, function, "/")).GetProperty("pid").GetInt32());

        using var silent = await client.GetAsync(function.WebAddress + "/hang", Cancel);

        Assert.Equal(HttpStatusCode.BadGateway, silent.StatusCode);
        Assert.Equal("Function timed out after 2 seconds", (await silent.ReadJsonAsync()).GetProperty("Message").GetString());
        Assert.NotEqual(process.Id, (await GetAsync(client, function, "/")).GetProperty("pid").GetInt32());
        await process.WaitForExitAsync(Cancel).WaitAsync(Patience, Cancel);
    }

    [Fact]
    public async Task Code_Changed_NewRequestsHaveANewProcessAndOldOnesEndWhereTheyBegan()
    {
        await using var function = await CustomFolder.StartAsync();
        using var client = new HttpClient();
        using var held = await client.GetAsync(function.WebAddress + "/hold", HttpCompletionOption.ResponseHeadersRead, Cancel);
        using var reader = new StreamReader(await held.Content.ReadAsStreamAsync(Cancel));
        var old = int.Parse((await reader.ReadLineAsync(Cancel))!["pid ".Length..], null);

        function.Write("other.js", "// saved");
        var next = (await GetAsync(client, function, "/")).GetProperty("pid").GetInt32();

        Assert.NotEqual(old, next);
        using var oldProcess = Process.GetProcessById(old); // Lives as long as it has a request.
        held.Dispose();
        await oldProcess.WaitForExitAsync(Cancel).WaitAsync(Patience, Cancel);
        Assert.Equal(next, (await GetAsync(client, function, "/")).GetProperty("pid").GetInt32());
    }

    [Fact]
    public async Task Function_TakenOut_EndsItsProcess()
    {
        await using var function = await CustomFolder.StartAsync();
        using var client = new HttpClient();
        using var process = Process.GetProcessById((await GetAsync(client, function, "/")).GetProperty("pid").GetInt32());

        function.Host.Apply(new Dictionary<string, LocalFunctionOptions>(), function.Path);

        await process.WaitForExitAsync(Cancel).WaitAsync(Patience, Cancel);
        using var gone = await client.GetAsync(function.WebAddress, Cancel);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.Equal("FunctionNotFound", (await gone.ReadJsonAsync()).GetProperty("Code").GetString());
    }

    private static async Task<JsonElement> GetAsync(HttpClient client, CustomFolder function, string path)
    {
        using var response = await client.GetAsync(function.WebAddress + path, Cancel);
        return await response.ReadJsonAsync();
    }
}
