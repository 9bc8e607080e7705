using Gateway.Policies.Authentication;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Policies.Tests.Authentication;

/// <summary>What the table takes of the heap. Runs alone, because it weighs the whole process.</summary>
[Collection(nameof(NonceMemoryTests))]
[CollectionDefinition(nameof(NonceMemoryTests), DisableParallelization = true)]
public class NonceMemoryTests
{
    [Fact]
    public async Task Memory_OfAMillionNonces_StaysWithin64BytesEach_AndIsGivenBackOnceTheyEnded()
    {
        const int many = 1_000_000;
        var lifetime = TimeSpan.FromMinutes(30);
        var time = new FakeTimeProvider();
        using var table = new NonceTable(time);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        for (var i = 0; i < many; i++)
        {
            await table.TryUseAsync(Spread(i), lifetime, many);
        }

        var held = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.Equal(many, table.Count);
        Assert.Equal(NonceUse.Full, await table.TryUseAsync(Spread(many), lifetime, many));
        Assert.InRange(held, 16L * many, 64L * many);

        time.Advance(2 * lifetime); // No call comes: the sweep alone must do.

        Assert.Equal(0, table.Count);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 1_000_000);
        GC.KeepAlive(table);
    }

    private static UInt128 Spread(int i) => new(unchecked((ulong)i * 0x9E3779B97F4A7C15), unchecked((ulong)i * 0xC2B2AE3D27D4EB4F));
}
