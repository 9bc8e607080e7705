using System.Diagnostics;
using System.Net.Sockets;
using Gateway.Contracts;
using Gateway.TestSupport;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Policies.Tests.Authentication;

/// <summary>Held bodies are bounded together as well as each, and so is the time they may take to arrive.</summary>
public class HeldBodyBudgetTests
{
    [Fact]
    public async Task Hold_OthersHaveTheMemory_IsRefusedAsBusy()
    {
        await using var server = await HoldingServer.StartAsync(new Holding { TotalMemory = 50_000 });
        server.Memory.Add(49_000);

        var answer = await RawHttp.SendAsync(server.Address, $"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2000\r\n\r\n{new string('x', 2000)}");

        Assert.Equal("X503BZ", answer.Body);
        Assert.Equal(RequestOutcome.GatewayError, server.Gateway!.FailureOutcome); // Nobody shall look for a backend that is down.
    }

    [Fact]
    public async Task Hold_BodyThatComesLate_IsTheClientsTime()
    {
        await using var server = await HoldingServer.StartAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(server.Address.Host, server.Address.Port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        await server.Arrived.Task;
        var late = Stopwatch.StartNew();
        while (late.ElapsedMilliseconds < 20)
        {
            await Task.Yield();
        }

        await stream.WriteAsync("x"u8.ToArray(), TestContext.Current.CancellationToken);
        await server.Done.Task;

        Assert.InRange(Stopwatch.GetElapsedTime(0, server.Gateway!.ClientWait), TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(90_000)]
    [InlineData(300_000)]
    public async Task Hold_Done_GivesItsMemoryBack(int size)
    {
        await using var server = await HoldingServer.StartAsync(new Holding { TotalMemory = 1_000_000 });

        var answer = await RawHttp.SendAsync(server.Address, $"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {size}\r\n\r\n{new string('x', size)}");
        await server.Done.Task;

        Assert.Equal(size, answer.Body.Length);
        Assert.Equal(0, await EventuallyAsync(() => server.Memory.Used));
    }

    [Fact]
    public async Task Hold_BodyThatTrickles_IsRefusedAtTheDeadline()
    {
        var time = new FakeTimeProvider();
        await using var server = await HoldingServer.StartAsync(new Holding { Time = time });

        var call = RawHttp.SendAsync(server.Address, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2000\r\n\r\nx");
        await server.Arrived.Task;
        while (!call.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(61)); // Until the deadline has been set, and is over.
            await Task.Yield();
        }

        Assert.Equal("I408RT", (await call).Body);
    }

    /// <summary>The response is done a moment before what it owns is disposed of.</summary>
    private static async Task<long> EventuallyAsync(Func<long> value)
    {
        for (var i = 0; i < 1000 && value() != 0; i++)
        {
            await Task.Delay(1);
        }

        return value();
    }
}
