namespace Gateway.Backends.Signing;

/// <summary>One header that a signature covers.</summary>
/// <param name="Name">The name, any case.</param>
/// <param name="Value">The value as sent; blanks around it do not count.</param>
internal readonly record struct SignedHeader(string Name, string Value) : IComparable<SignedHeader>
{
    /// <summary>Orders by lower-case name, then by value, both ordinally.</summary>
    public int CompareTo(SignedHeader other)
    {
        // The built-in comparison folds to upper case, where "_" sorts on the other side of the letters than in lower case.
        var length = Math.Min(Name.Length, other.Name.Length);
        for (var i = 0; i < length; i++)
        {
            var difference = char.ToLowerInvariant(Name[i]) - char.ToLowerInvariant(other.Name[i]);
            if (difference != 0)
            {
                return difference;
            }
        }

        return Name.Length != other.Name.Length ? Name.Length - other.Name.Length : string.CompareOrdinal(Value, other.Value);
    }
}
