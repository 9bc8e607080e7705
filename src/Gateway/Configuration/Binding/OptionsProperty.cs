using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Gateway.Contracts;

namespace Gateway.Configuration.Binding;

/// <summary>One key of an options record. Immutable.</summary>
internal sealed class OptionsProperty
{
    private readonly PropertyInfo _property;
    private readonly long _minimum = long.MinValue;
    private readonly long _maximum = long.MaxValue;

    /// <summary>Reads what a property says about itself.</summary>
    /// <param name="property">The property.</param>
    /// <param name="type">Its shape.</param>
    /// <param name="defaultValue">What a new record holds in it.</param>
    /// <exception cref="NotSupportedException">Its range is not written like its values: a mistake in our options.</exception>
    public OptionsProperty(PropertyInfo property, OptionsType type, object? defaultValue)
    {
        _property = property;
        Type = type;
        Default = defaultValue;
        IsNullable = new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable;
        IsOneOrMany = property.IsDefined(typeof(OneOrManyAttribute));
        (Minimum, Maximum) = property.GetCustomAttribute<BetweenAttribute>() is { } between ? (between.Minimum, between.Maximum)
            : property.GetCustomAttribute<RangeAttribute>() is { } range
                ? (Convert.ToString(range.Minimum, CultureInfo.InvariantCulture), Convert.ToString(range.Maximum, CultureInfo.InvariantCulture))
                : (null, null);
        if (Minimum is not null && Maximum is not null)
        {
            _minimum = ReadBound(Minimum);
            _maximum = ReadBound(Maximum);
        }
    }

    /// <summary>The key.</summary>
    public string Name => _property.Name;

    /// <summary>The shape of its value.</summary>
    public OptionsType Type { get; }

    /// <summary>The property itself, for its documentation.</summary>
    public MemberInfo Member => _property;

    /// <summary>What holds when the key is absent.</summary>
    public object? Default { get; }

    /// <summary>True when absence means something of its own.</summary>
    public bool IsNullable { get; }

    /// <summary>True for a list that may be written as its only element.</summary>
    public bool IsOneOrMany { get; }

    /// <summary>Lowest value as written, or null.</summary>
    public string? Minimum { get; }

    /// <summary>Highest value as written, or null.</summary>
    public string? Maximum { get; }

    /// <summary>Whether a value lies in the range, both ends included.</summary>
    public bool Takes(object value) => Magnitude(value) is not { } magnitude || (magnitude >= _minimum && magnitude <= _maximum);

    /// <summary>Puts a value into a record that is being built.</summary>
    public void Set(object record, object value) => _property.SetValue(record, value);

    private long ReadBound(string text)
        => ScalarReader.TryRead(Type, text, out var value, out _) && Magnitude(value) is { } magnitude
            ? magnitude
            : throw new NotSupportedException($"'{text}' is no bound for {_property.DeclaringType}.{Name}.");

    private static long? Magnitude(object? value) => value switch
    {
        int number => number,
        long number => number,
        TimeSpan duration => duration.Ticks,
        ByteSize size => size.Bytes,
        _ => null,
    };
}
