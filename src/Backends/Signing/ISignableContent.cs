namespace Gateway.Backends.Signing;

/// <summary>Request content whose bytes are all in memory, so that they can be hashed before they are sent.</summary>
internal interface ISignableContent
{
    /// <summary>The bytes that will be sent, exactly. The content keeps owning them.</summary>
    ReadOnlyMemory<byte> Bytes { get; }
}
