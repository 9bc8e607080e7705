using System.Diagnostics;
using System.IO.Pipelines;
using Gateway.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gateway.Policies.Authentication;

/// <summary>A request body, read to its end before the backend sees a byte of it, because its signature must be verified first.</summary>
/// <remarks>
/// The request's body then begins anew at the held bytes, so that the proxy forwards all of it with the framing it came with. Memory and file
/// are the response's: they are given back when it is done. <c>FileBufferingReadStream</c> of the framework does not do: it rents its whole
/// memory limit for each body, and its bytes cannot be had without another copy.
/// </remarks>
internal sealed class HeldBody : IAsyncDisposable
{
    private readonly HeldBytes _bytes;
    private readonly Stream _stream;

    private HeldBody(HeldBytes bytes, Stream stream)
    {
        _bytes = bytes;
        _stream = stream;
    }

    /// <summary>True when the whole body is in memory; false when it is in a file.</summary>
    public bool IsInMemory => _bytes.IsInMemory;

    /// <summary>Length of the body in bytes.</summary>
    public long Length => _bytes.Length;

    /// <summary>The whole body. Valid until the response is done.</summary>
    /// <exception cref="InvalidOperationException">The body is not in memory.</exception>
    public ReadOnlyMemory<byte> Bytes => _bytes.Memory;

    /// <summary>Reads the body and puts the held bytes in its place.</summary>
    /// <param name="context">The request, of whose body nothing has been read.</param>
    /// <param name="rules">What it may take.</param>
    /// <param name="memory">What all held bodies take.</param>
    /// <param name="time">The clock of the deadline.</param>
    /// <returns>
    /// The body, which disposes of itself with the response; null when the request has been refused: <see cref="GatewayError.BodyTooLarge"/>,
    /// <see cref="GatewayError.Busy"/> for want of memory, <see cref="GatewayError.RequestTimeout"/> at the deadline, what the server says of a body that breaks off, or <see cref="GatewayError.Internal"/> when the file cannot be written.
    /// </returns>
    public static async ValueTask<HeldBody?> HoldAsync(HttpContext context, HeldBodyRules rules, HeldMemory memory, TimeProvider time)
    {
        if (context.Request.ContentLength > rules.Limit)
        {
            context.Fail(GatewayError.BodyTooLarge); // Before anything is read: a client that waits for "100 Continue" sends nothing at all.
            return null;
        }

        var bytes = new HeldBytes(context.Request.ContentLength, rules.MemoryLimit, rules.Folder, rules.WithMd5, memory);
        using var deadline = new CancellationTokenSource(rules.Deadline, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, deadline.Token);
        if (!await TryReadAsync(context, bytes, rules, memory, end.Token))
        {
            await bytes.DisposeAsync();
            return null;
        }

        var body = new HeldBody(bytes, bytes.OpenRead());
        context.Response.RegisterForDisposeAsync(body);
        context.Request.Body = body._stream;
        return body;
    }

    /// <summary>Writes the MD5 of the body.</summary>
    /// <param name="sixteen">Where to; 16 bytes.</param>
    /// <exception cref="InvalidOperationException">The body is in a file and was held without MD5.</exception>
    public void WriteMd5(Span<byte> sixteen) => _bytes.WriteMd5(sixteen);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync(); // First, so that no late reader copies from memory that is somebody else's by then.
        await _bytes.DisposeAsync();
    }

    /// <summary>Reads to the end. The request and the disk fail differently, so each has its own catch around it.</summary>
    private static async ValueTask<bool> TryReadAsync(HttpContext context, HeldBytes bytes, HeldBodyRules rules, HeldMemory memory, CancellationToken end)
    {
        var reader = context.Request.BodyReader;
        while (true)
        {
            if (await TryReadAsync(context, reader, end) is not { } read)
            {
                return false;
            }

            var isKept = await TryKeepAsync(context, bytes, read, rules, memory);
            reader.AdvanceTo(read.Buffer.End); // Refused or not: the server drains what is left, and complains of a read that never ended.
            if (!isKept || read.IsCompleted)
            {
                return isKept;
            }
        }
    }

    private static async ValueTask<ReadResult?> TryReadAsync(HttpContext context, PipeReader reader, CancellationToken end)
    {
        try
        {
            var reading = reader.ReadAsync(end);
            if (reading.IsCompleted)
            {
                return await reading;
            }

            var start = Stopwatch.GetTimestamp();
            try
            {
                return await reading;
            }
            finally
            {
                context.Gateway().ClientWait += Stopwatch.GetTimestamp() - start;
            }
        }
        catch (BadHttpRequestException exception)
        {
            context.Fail(GatewayError.FromServerStatus(exception.StatusCode), "it broke off or its framing is wrong");
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
        {
            context.Fail(GatewayError.RequestTimeout);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            RefuseBroken(context);
        }

        return null;
    }

    private static async ValueTask<bool> TryKeepAsync(HttpContext context, HeldBytes bytes, ReadResult read, HeldBodyRules rules, HeldMemory memory)
    {
        if (bytes.Length + read.Buffer.Length > rules.Limit)
        {
            context.Fail(GatewayError.BodyTooLarge);
            return false;
        }

        if (memory.Used + read.Buffer.Length > rules.TotalMemory)
        {
            context.Fail(GatewayError.Busy, outcome: RequestOutcome.GatewayError); // A bound of ours: no backend is down.
            return false;
        }

        try
        {
            foreach (var segment in read.Buffer)
            {
                await bytes.AppendAsync(segment, context.RequestAborted);
            }

            if (read.IsCompleted)
            {
                await bytes.CompleteAsync(context.RequestAborted);
            }

            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            context.RequestServices.GetRequiredService<ILogger<HeldBody>>().BodyNotHeld(context.Gateway().RequestId, bytes.Folder, exception.Message);
            context.Fail(GatewayError.Internal);
            return false;
        }
        catch (OperationCanceledException)
        {
            RefuseBroken(context);
            return false;
        }
    }

    /// <summary>Nobody reads an answer once the connection is gone; the status is what an access log shows.</summary>
    private static void RefuseBroken(HttpContext context)
    {
        if (context.RequestAborted.IsCancellationRequested)
        {
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }
        else
        {
            context.Fail(GatewayError.InvalidBody, "it broke off");
        }
    }
}
