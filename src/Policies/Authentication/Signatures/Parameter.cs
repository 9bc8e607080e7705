namespace Gateway.Policies.Authentication.Signatures;

/// <summary>Where a decoded parameter lies in the bytes of its <see cref="SignedParameters"/>; its value follows its name.</summary>
/// <param name="Start">Where its name begins.</param>
/// <param name="NameLength">Bytes of the name.</param>
/// <param name="ValueLength">Bytes of the value.</param>
/// <param name="Order">Its place among those of the same name: all of the form, then all of the query, each as sent.</param>
internal readonly record struct Parameter(int Start, int NameLength, int ValueLength, int Order)
{
    private const int FirstOfQuery = 1 << 30;

    /// <summary>True for a parameter of the query, false for one of the form.</summary>
    public bool IsQuery => Order >= FirstOfQuery;

    /// <summary>The order of the parameter number <paramref name="index"/>.</summary>
    public static int OrderOf(int index, bool isQuery) => isQuery ? FirstOfQuery + index : index;

    /// <summary>The name.</summary>
    public ReadOnlySpan<byte> Name(byte[] bytes) => bytes.AsSpan(Start, NameLength);

    /// <summary>The value.</summary>
    public ReadOnlySpan<byte> Value(byte[] bytes) => bytes.AsSpan(Start + NameLength, ValueLength);
}

/// <summary>Sorts parameters by name, ordinally as UTF-16 does, then by <see cref="Parameter.Order"/>.</summary>
/// <param name="bytes">The bytes they lie in.</param>
internal sealed class ParameterOrder(byte[] bytes) : IComparer<Parameter>
{
    /// <inheritdoc/>
    public int Compare(Parameter x, Parameter y) => Compare(x, y, bytes);

    /// <inheritdoc cref="Compare(Parameter, Parameter)"/>
    public static int Compare(Parameter x, Parameter y, byte[] bytes)
    {
        var byName = CompareOrdinal(x.Name(bytes), y.Name(bytes));
        return byName != 0 ? byName : x.Order.CompareTo(y.Order);
    }

    /// <summary>Compares UTF-8 as clients in Java, JavaScript and .NET compare the text: by UTF-16 code units.</summary>
    /// <remarks>The two orders differ only where surrogates come in: beyond the BMP (lead byte F0 and above) sorts before U+E000 to U+FFFF (EE, EF).</remarks>
    public static int CompareOrdinal(ReadOnlySpan<byte> x, ReadOnlySpan<byte> y)
    {
        var common = x.CommonPrefixLength(y);
        if (common == x.Length || common == y.Length)
        {
            return x.Length - y.Length;
        }

        var (left, right) = (x[common], y[common]);
        return left >= 0xEE && right >= 0xEE && (left >= 0xF0) != (right >= 0xF0) ? right - left : left - right;
    }
}
