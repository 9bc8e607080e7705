namespace Gateway.Policies.Authentication;

/// <summary>What a nonce turned out to be.</summary>
internal enum NonceUse
{
    /// <summary>Not seen before; it is used up from now on.</summary>
    Fresh,

    /// <summary>Used before, and still remembered: a replay.</summary>
    Used,

    /// <summary>Not seen before, but there is no room to remember it: to accept it would allow a replay.</summary>
    Full,
}
