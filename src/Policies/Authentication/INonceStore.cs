namespace Gateway.Policies.Authentication;

/// <summary>Remembers which nonces have been used, so that a signed request counts once.</summary>
/// <remarks>
/// Asynchronous so that several gateways can share a store of another process, such as Redis (<c>SET key NX PX lifetime</c>), which then
/// replaces <see cref="NonceTable"/> in the service collection. Such a store must decide in one atomic step, and answer
/// <see cref="NonceUse.Full"/>, never <see cref="NonceUse.Fresh"/>, when it cannot be reached.
/// </remarks>
internal interface INonceStore
{
    /// <summary>Uses a nonce up, unless it is used up already.</summary>
    /// <param name="nonce">Hash over app, API and the client's text, spread over all 128 bits.</param>
    /// <param name="lifetime">How long the nonce stays used, at least; above zero. A replay is possible from then on.</param>
    /// <param name="capacity">Most nonces remembered at once, above zero. An argument because it may change with a reload.</param>
    /// <returns>Of any number of racing calls for one nonce exactly one is told <see cref="NonceUse.Fresh"/>.</returns>
    ValueTask<NonceUse> TryUseAsync(UInt128 nonce, TimeSpan lifetime, int capacity);

    /// <summary>Takes a use back, for a request that was refused after its nonce had been taken, so that the client may send it again.</summary>
    /// <param name="nonce">What was given to <see cref="TryUseAsync"/>, which answered <see cref="NonceUse.Fresh"/>.</param>
    ValueTask ReleaseAsync(UInt128 nonce);
}
