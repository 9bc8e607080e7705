using System.Text;

namespace Gateway.Backends.Signing;

/// <summary>An access key, ready to sign with: the secret as bytes, out of reach of logs and debuggers' text.</summary>
internal sealed class AccessKey
{
    private readonly byte[] _secret;

    /// <summary>Takes over the credentials of a backend.</summary>
    /// <exception cref="ArgumentException">Id or secret is missing. The message holds neither.</exception>
    public AccessKey(CredentialsOptions credentials)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        if (string.IsNullOrEmpty(credentials.AccessKeyId) || string.IsNullOrEmpty(credentials.AccessKeySecret))
        {
            throw new ArgumentException("Credentials need both AccessKeyId and AccessKeySecret.", nameof(credentials));
        }

        Id = credentials.AccessKeyId;
        _secret = Encoding.UTF8.GetBytes(credentials.AccessKeySecret);
        SecurityToken = string.IsNullOrEmpty(credentials.SecurityToken) ? null : credentials.SecurityToken;
    }

    /// <summary>Id of the key; public.</summary>
    public string Id { get; }

    /// <summary>The secret, UTF-8; the key of the HMAC.</summary>
    public ReadOnlySpan<byte> Secret => _secret;

    /// <summary>Token of a temporary key; null for a lasting one.</summary>
    public string? SecurityToken { get; }

    /// <inheritdoc/>
    public override string ToString() => Id;
}
