using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.Policies.Throttling;

/// <summary>Makes the identity of a limit from the names that an operator gave.</summary>
internal static class LimitId
{
    /// <summary>Identity of a limit. The limit's number is not part of it, so that raising one does not set its counters back.</summary>
    /// <param name="owner">Group and API; empty for counters that all APIs of the policy share.</param>
    /// <param name="policy">Name of the policy.</param>
    /// <param name="countedBy">What is counted.</param>
    /// <param name="rule">Name of the rule; empty for the others.</param>
    /// <param name="unit">Unit of time; counters of one unit mean nothing in another.</param>
    public static Hash128 Create(string owner, string policy, CountedBy countedBy, string rule, ThrottlingUnit unit)
    {
        // Lengths before the texts, so that no two lists of names read the same.
        var text = FormattableString.Invariant($"{owner.Length}:{owner}{policy.Length}:{policy}{rule.Length}:{rule}{countedBy}/{unit}");
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        return new Hash128(BinaryPrimitives.ReadUInt64LittleEndian(hash), BinaryPrimitives.ReadUInt64LittleEndian(hash.AsSpan(8)));
    }
}
