using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Benchmarks;

/// <summary>A request body that is all there at once and can be read again, without allocating anything.</summary>
/// <param name="length">Bytes of the body.</param>
internal sealed class RepeatedBody(int length) : PipeReader, IRequestBodyPipeFeature
{
    private readonly ReadOnlySequence<byte> _whole = new(new byte[length]);
    private ReadOnlySequence<byte> _rest;

    /// <inheritdoc/>
    public PipeReader Reader => this;

    /// <summary>Starts the body anew.</summary>
    public void Rewind() => _rest = _whole;

    /// <inheritdoc/>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
        => new(new ReadResult(_rest, isCanceled: false, isCompleted: true));

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result)
    {
        result = new ReadResult(_rest, isCanceled: false, isCompleted: true);
        return true;
    }

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed) => _rest = _rest.Slice(consumed);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => AdvanceTo(consumed);

    /// <inheritdoc/>
    public override void CancelPendingRead()
    {
        // No read is ever pending.
    }

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null)
    {
        // Nothing to give back.
    }
}
