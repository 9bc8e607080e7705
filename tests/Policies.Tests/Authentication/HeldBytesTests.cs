using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Gateway.Policies.Authentication;

namespace Gateway.Policies.Tests.Authentication;

/// <summary>Where held bytes lie.</summary>
public class HeldBytesTests
{
    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task BodyFile_WhileItIsOpen_IsOursAloneAndHasNoName()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows knows neither modes nor files without a name.");
        var folder = Directory.CreateTempSubdirectory("gateway-bodies");
        await using (var file = BodyFile.Create(folder.FullName))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file.SafeFileHandle));
            Assert.Empty(folder.GetFileSystemInfos());
        }

        folder.Delete();
    }

    [Fact]
    public void BodyFile_WithoutAFolder_GoesToTheSystems() => Assert.Equal(Path.GetTempPath(), BodyFile.FolderOf(null));

    /// <summary>A length that is only announced costs nothing: memory follows what arrives.</summary>
    [Fact]
    public async Task HeldBytes_OfAnAnnouncedLength_RentOneBlockAtMost()
    {
        await using var bytes = new HeldBytes(announced: 32 << 20, memoryLimit: 64 << 20, folder: null, withMd5: false, new HeldMemory());

        await bytes.AppendAsync(new byte[1], CancellationToken.None);

        Assert.True(MemoryMarshal.TryGetArray(bytes.Memory, out var array));
        Assert.InRange(array.Array!.Length, 1, 64 << 10);
    }
}
