using Gateway.Backends.EventFunctions;
using Microsoft.AspNetCore.Http;

namespace Gateway.Backends.Tests.EventFunctions;

/// <summary>What an event and a result cost in garbage, as budgets: raise one only with a reason.</summary>
public sealed class EventAllocationTests
{
    private const int Rounds = 1000;

#if DEBUG
    /// <summary>A debug build keeps the state of async methods on the heap, even when nothing waits.</summary>
    private const int StateMachines = 400;
#else
    private const int StateMachines = 0;
#endif

    /// <summary>The buffer object and an enumerator of the headers; nothing for the names and values of the request.</summary>
    private const int BytesPerEvent = 200 + StateMachines;

    /// <summary>Name and value of each header.</summary>
    private const int BytesPerResult = 200;

    [Fact]
    public void Event_OfAnOrdinaryRequest_CostsNoMoreThanItsBudget()
    {
        var function = new EventFunction(TestApi.Create(path: "/api/[id]"), TimeProvider.System);
        var context = new DefaultHttpContext();
        context.Features.Set(TestApi.Feature("/api/42?page=1&size=20"));
        context.Request.Method = "POST";
        context.Request.Headers.UserAgent = "curl/8";
        context.Request.Headers["X-Ca-Stage"] = "RELEASE";
        context.Request.Headers.ContentType = "application/json";
        context.Features.Set<Microsoft.AspNetCore.Http.Features.IRequestBodyPipeFeature>(new OneBody("{\"a\":1}"u8.ToArray()));

        var perEvent = Measure(() =>
        {
            using var buffer = new PooledBuffer(4096);
            var writing = EventWriter.TryWriteAsync(context, function, buffer);
            Assert.True(writing.IsCompletedSuccessfully && writing.Result);
        });

        Assert.InRange(perEvent, 1, BytesPerEvent);
    }

    [Fact]
    public void Result_OfAnOrdinaryFunction_CostsNoMoreThanItsBudget()
    {
        var result = """{"isBase64Encoded":true,"statusCode":200,"headers":{"Content-Type":"application/json"},"body":"eyJhIjoxfQ=="}"""u8.ToArray();
        var headers = new HeaderDictionary();
        var copy = new byte[result.Length];

        var perResult = Measure(() =>
        {
            result.CopyTo(copy, 0);
            Assert.True(EventResultReader.TryRead(copy, headers, out _, out _));
        });

        Assert.InRange(perResult, 1, BytesPerResult);
    }

    [Fact]
    public void PathAndQuery_WithoutEscapes_AreWrittenFromWhereTheyLie()
    {
        var buffer = new PooledBuffer(4096);
        var writer = EventWriter.RentWriter(buffer);

        var perQuery = Measure(() =>
        {
            writer.WriteStartObject();
            EventQuery.Write(writer, "page=1&size=20&sort=name&filter=none", RepeatedQuery.First);
            writer.WriteEndObject();
            writer.Reset();
        });

        Assert.InRange(perQuery, 0, 8); // the runtime itself may allocate once in a while
        buffer.Dispose();
    }

    private static long Measure(Action action)
    {
        for (var i = 0; i < 50; i++)
        {
            action();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Rounds; i++)
        {
            action();
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / Rounds;
    }

    private sealed class OneBody(byte[] body) : Microsoft.AspNetCore.Http.Features.IRequestBodyPipeFeature
    {
        private readonly OneBodyReader _reader = new(body);

        public System.IO.Pipelines.PipeReader Reader => _reader;
    }

    private sealed class OneBodyReader(byte[] body) : System.IO.Pipelines.PipeReader
    {
        public override void AdvanceTo(SequencePosition consumed)
        {
        }

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
        {
        }

        public override void CancelPendingRead()
        {
        }

        public override void Complete(Exception? exception = null)
        {
        }

        public override ValueTask<System.IO.Pipelines.ReadResult> ReadAsync(CancellationToken cancellationToken = default)
            => new(new System.IO.Pipelines.ReadResult(new(body), isCanceled: false, isCompleted: true));

        public override bool TryRead(out System.IO.Pipelines.ReadResult result) => throw new NotSupportedException();
    }
}
