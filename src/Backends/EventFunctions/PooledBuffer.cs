using System.Buffers;

namespace Gateway.Backends.EventFunctions;

/// <summary>Bytes that grow in arrays of the shared pool. One owner: whoever made it disposes it, once. Not thread safe.</summary>
/// <param name="initialCapacity">Bytes rented with the first write, at least 1. A guess: growing costs one copy per doubling.</param>
internal sealed class PooledBuffer(int initialCapacity) : IBufferWriter<byte>, IDisposable
{
    private byte[] _array = [];
    private int _length;
    private bool _disposed;

    /// <summary>Number of bytes written.</summary>
    public int Length => _length;

    /// <summary>The bytes written. Valid until the next write or <see cref="Dispose"/>.</summary>
    public Span<byte> WrittenSpan => _array.AsSpan(0, _length);

    /// <summary>The bytes written. Valid until the next write or <see cref="Dispose"/>.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _array.AsMemory(0, _length);

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _array.Length - _length);
        _length += count;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _array.AsMemory(_length);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _array.AsSpan(_length);
    }

    /// <summary>Gives the array back to the pool. Nobody may still hold memory of this buffer.</summary>
    public void Dispose()
    {
        var array = Detach();
        if (array.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(array);
        }
    }

    /// <summary>Ends the buffer without giving its array back: for when a transport may still be reading it. The collector takes it.</summary>
    public void Abandon() => Detach();

    private byte[] Detach()
    {
        var array = _array;
        _array = [];
        _length = 0;
        _disposed = true;
        return array;
    }

    private void Reserve(int sizeHint)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var needed = (long)_length + Math.Max(sizeHint, 1);
        if (needed <= _array.Length)
        {
            return;
        }

        if (needed > Array.MaxLength)
        {
            throw new InvalidOperationException("An event or result outgrew the largest array.");
        }

        var capacity = Math.Min(Math.Max(needed, Math.Max(initialCapacity, 2L * _array.Length)), Array.MaxLength);
        var larger = ArrayPool<byte>.Shared.Rent((int)capacity);
        _array.AsSpan(0, _length).CopyTo(larger);
        if (_array.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_array);
        }

        _array = larger;
    }
}
