using BenchmarkDotNet.Attributes;
using Gateway.Policies.Authentication;

namespace Gateway.Benchmarks;

/// <summary>The nonce table while it holds a million nonces.</summary>
[MemoryDiagnoser]
public class NonceBenchmarks : IDisposable
{
    private const int Capacity = 100_000_000;
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);
    private readonly NonceTable _table = new(TimeProvider.System);
    private ulong _next;

    /// <summary>Fills the table.</summary>
    [GlobalSetup]
    public async Task Fill()
    {
        for (var i = 0; i < 1_000_000; i++)
        {
            await _table.TryUseAsync(Next(), Lifetime, Capacity);
        }
    }

    /// <summary>A nonce seen for the first time, and taken back, so that the table stays as large as it is.</summary>
    [Benchmark]
    public async ValueTask<bool> UseAndRelease()
    {
        var nonce = Next();
        var use = await _table.TryUseAsync(nonce, Lifetime, Capacity);
        await _table.ReleaseAsync(nonce);
        return use == NonceUse.Fresh;
    }

    /// <summary>A replay.</summary>
    [Benchmark]
    public async ValueTask<bool> UseAgain() => await _table.TryUseAsync(Mix(_next++ % 1_000_000), Lifetime, Capacity) == NonceUse.Used;

    /// <inheritdoc/>
    public void Dispose()
    {
        _table.Dispose();
        GC.SuppressFinalize(this);
    }

    private UInt128 Next() => Mix(_next++);

    private static UInt128 Mix(ulong number) => new(number * 0x9E3779B97F4A7C15, (number ^ (number << 23)) * 0xC2B2AE3D27D4EB4F);
}
