using System.Buffers;
using Gateway.Backends.EventFunctions;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Backends.Tests.EventFunctions;

public sealed class EventCallTests
{
    [Fact]
    public void Deadline_WhenItPasses_CancelsTheCallAndSaysSo()
    {
        var time = new FakeTimeProvider();
        using var call = new EventCall(Content("event"), TimeSpan.FromSeconds(10), time, CancellationToken.None);

        time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(call.Token.IsCancellationRequested);
        time.Advance(TimeSpan.FromSeconds(0.2));

        Assert.True(call.Token.IsCancellationRequested);
        Assert.True(call.TimedOut);
    }

    [Fact]
    public async Task Deadline_OfTheSystemsClock_CancelsToo()
    {
        using var call = new EventCall(Content("event"), TimeSpan.FromMilliseconds(1), TimeProvider.System, CancellationToken.None);
        var cancelled = new TaskCompletionSource();
        await using var registration = call.Token.Register(cancelled.SetResult);

        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken);

        Assert.True(call.TimedOut);
    }

    [Fact]
    public void Caller_WhoLeaves_CancelsTheCallWithoutATimeout()
    {
        using var caller = new CancellationTokenSource();
        var time = new FakeTimeProvider();
        using var call = new EventCall(Content("event"), TimeSpan.FromSeconds(10), time, caller.Token);

        caller.Cancel();
        time.Advance(TimeSpan.FromMinutes(1));

        Assert.True(call.Token.IsCancellationRequested);
        Assert.False(call.TimedOut);
    }

    [Fact]
    public void Caller_WhoHasLeftBefore_CancelsTheCallAtOnce()
    {
        using var call = new EventCall(Content("event"), TimeSpan.FromSeconds(10), TimeProvider.System, new CancellationToken(canceled: true));

        Assert.True(call.Token.IsCancellationRequested);
        Assert.False(call.TimedOut);
    }

    [Fact]
    public void TimedOut_AfterTheCall_StaysWhatItWas()
    {
        var time = new FakeTimeProvider();
        var late = new EventCall(Content("event"), TimeSpan.FromSeconds(1), time, CancellationToken.None);
        time.Advance(TimeSpan.FromSeconds(2));
        var good = new EventCall(Content("event"), TimeSpan.FromSeconds(1), time, CancellationToken.None);

        late.Dispose();
        good.Dispose();
        time.Advance(TimeSpan.FromSeconds(2));

        Assert.True(late.TimedOut);
        Assert.False(good.TimedOut);
    }

    [Fact]
    public void Calls_OneAfterTheOther_NeverInheritACancellation()
    {
        for (var i = 0; i < 100; i++)
        {
            using var caller = new CancellationTokenSource();
            using var call = new EventCall(Content("event"), TimeSpan.FromMinutes(1), TimeProvider.System, caller.Token);
            Assert.False(call.Token.IsCancellationRequested);
            if (i % 3 == 0)
            {
                caller.Cancel();
            }
        }
    }

    [Fact]
    public async Task Content_SentTwice_IsTheSameTwice()
    {
        using var content = Content("the event");

        var first = await content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        using var second = new MemoryStream();
        await content.CopyToAsync(second, TestContext.Current.CancellationToken);

        Assert.Equal("the event"u8.ToArray(), first);
        Assert.Equal(first, second.ToArray());
        Assert.Equal(9, content.Headers.ContentLength);
        Assert.Equal("application/octet-stream", content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task Content_WhoseSendFailed_KeepsItsMemoryOutOfThePool()
    {
        var content = Content("the event");
        var memory = content.Bytes;
        await Assert.ThrowsAsync<HttpRequestException>(() => content.CopyToAsync(new FailingStream(), TestContext.Current.CancellationToken));

        content.Dispose();

        // A transport that still reads it may not see another request's bytes: whoever rents now gets another array.
        var rented = Enumerable.Range(0, 64).Select(static _ => ArrayPool<byte>.Shared.Rent(64)).ToArray();
        Assert.All(rented, static array => array.AsSpan().Fill((byte)'!'));
        Assert.Equal("the event"u8.ToArray(), memory.ToArray());
    }

    [Fact]
    public async Task Content_SentAfterItsEnd_Throws()
    {
        var content = Content("the event");
        content.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => content.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken));
    }

    private static EventContent Content(string text)
    {
        var buffer = new PooledBuffer(64);
        buffer.Write(System.Text.Encoding.UTF8.GetBytes(text));
        return new EventContent(buffer);
    }

    private sealed class FailingStream : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
            => ValueTask.FromException(new IOException("reset"));
    }
}
