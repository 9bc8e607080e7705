using System.Buffers;
using System.Security.Cryptography;

namespace Gateway.Policies.Authentication;

/// <summary>Bytes on their way into memory, and from a limit on into a temporary file. Owns both. Not thread safe.</summary>
/// <param name="announced">The length that was announced; null when none was. A hint, never believed beyond one block.</param>
/// <param name="memoryLimit">Most bytes in memory, inclusive.</param>
/// <param name="folder">Folder of the file; null for the system's temporary folder.</param>
/// <param name="withMd5">True to compute the MD5 of what goes into a file on its way.</param>
/// <param name="memory">Counts what is rented.</param>
internal sealed class HeldBytes(long? announced, long memoryLimit, string? folder, bool withMd5, HeldMemory memory) : IAsyncDisposable
{
    /// <summary>The first rent at most, and what a file is written in. A size that the pool gives out exactly.</summary>
    private const int BlockSize = 64 << 10;

    /// <summary>The first rent when no length was announced.</summary>
    private const int SmallBlockSize = 4 << 10;

    /// <summary>In memory: everything so far. With a file: what is not written to it yet.</summary>
    private byte[] _block = [];
    private int _used;
    private long _written;
    private FileStream? _file;
    private IncrementalHash? _md5;

    /// <summary>Number of bytes so far.</summary>
    public long Length => _written + _used;

    /// <summary>True as long as everything is in memory.</summary>
    public bool IsInMemory => _file is null;

    /// <summary>The folder a file is, or would be, in.</summary>
    public string Folder => BodyFile.FolderOf(folder);

    /// <summary>All bytes. Valid until disposal.</summary>
    /// <exception cref="InvalidOperationException">They are not in memory.</exception>
    public ReadOnlyMemory<byte> Memory => IsInMemory ? _block.AsMemory(0, _used) : throw new InvalidOperationException("The body is in a file.");

    /// <summary>Adds bytes.</summary>
    /// <exception cref="IOException">The file cannot be made or written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not ours to write to.</exception>
    public async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
        {
            if (_used == Capacity && !TryGrow())
            {
                await WriteOutAsync(cancellationToken);
            }

            var count = Math.Min(bytes.Length, Capacity - _used);
            bytes[..count].CopyTo(_block.AsMemory(_used));
            _used += count;
            bytes = bytes[count..];
        }
    }

    /// <summary>Ends the bytes. None may follow.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        if (_file is not null)
        {
            await WriteOutAsync(cancellationToken);
            ReturnBlock();
        }
    }

    /// <summary>A stream over the bytes from their start, once they are complete. The caller disposes of it, before this.</summary>
    public Stream OpenRead()
    {
        if (_file is null)
        {
            return new MemoryStream(_block, 0, _used, writable: false, publiclyVisible: false);
        }

        _file.Position = 0;
        return _file;
    }

    /// <summary>Writes the MD5 of all bytes; once, when they are complete.</summary>
    /// <param name="sixteen">Where to; 16 bytes.</param>
    /// <exception cref="InvalidOperationException">The bytes are in a file and their MD5 was not asked for.</exception>
    public void WriteMd5(Span<byte> sixteen)
    {
        if (_file is null)
        {
#pragma warning disable CA5351 // Content-MD5 is what the clients send; the signature, not the MD5, is what protects it.
            MD5.HashData(_block.AsSpan(0, _used), sixteen);
#pragma warning restore CA5351
        }
        else
        {
            (_md5 ?? throw new InvalidOperationException("The body was held without its MD5.")).GetCurrentHash(sixteen);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        ReturnBlock();
        _md5?.Dispose();
        if (_file is not null)
        {
            await _file.DisposeAsync();
        }
    }

    /// <summary>How much of the block may be used: rented arrays are larger than asked for.</summary>
    private int Capacity => _file is null ? (int)Math.Min(_block.Length, memoryLimit) : _block.Length;

    /// <summary>Doubles the block, as far as the memory limit allows: memory follows what arrives, whatever was announced.</summary>
    private bool TryGrow()
    {
        if (_file is not null || _block.Length >= memoryLimit)
        {
            return false;
        }

        var size = _block.Length == 0 ? Math.Clamp(announced ?? SmallBlockSize, 1, BlockSize) : 2L * _block.Length;
        var larger = Rent((int)Math.Min(size, Math.Min(memoryLimit, Array.MaxLength)));
        _block.AsSpan(0, _used).CopyTo(larger);
        ReturnArray();
        _block = larger;
        return true;
    }

    private async ValueTask WriteOutAsync(CancellationToken cancellationToken)
    {
        if (_file is null)
        {
            _file = BodyFile.Create(folder);
            _md5 = withMd5 ? IncrementalHash.CreateHash(HashAlgorithmName.MD5) : null;
        }

        _md5?.AppendData(_block, 0, _used);
        await _file.WriteAsync(_block.AsMemory(0, _used), cancellationToken);
        _written += _used;
        _used = 0;
        if (_block.Length != BlockSize)
        {
            ReturnBlock();
            _block = Rent(BlockSize);
        }
    }

    private byte[] Rent(int size)
    {
        var block = ArrayPool<byte>.Shared.Rent(size);
        memory.Add(block.Length);
        return block;
    }

    private void ReturnBlock()
    {
        ReturnArray();
        _block = [];
        _used = 0;
    }

    private void ReturnArray()
    {
        if (_block.Length > 0)
        {
            memory.Add(-_block.Length);
            ArrayPool<byte>.Shared.Return(_block);
        }
    }
}
