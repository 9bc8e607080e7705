using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json.Serialization;
using Gateway.Contracts;

namespace Gateway.Configuration.Binding;

/// <summary>How a value of an options type is written.</summary>
internal enum OptionsKind
{
    /// <summary>Any text.</summary>
    Text,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>One of several names.</summary>
    Choice,

    /// <summary>A time with its unit, <c>10s</c>.</summary>
    Duration,

    /// <summary>A number of bytes with its unit, <c>6MB</c>.</summary>
    Size,

    /// <summary>A point in time with its offset, <c>2027-01-31T00:00:00Z</c>.</summary>
    Instant,

    /// <summary>A JSON array.</summary>
    List,

    /// <summary>A JSON object with keys of the operator's choice.</summary>
    Map,

    /// <summary>A JSON object with known keys.</summary>
    Record,

    /// <summary>One of several records; a key says which.</summary>
    Variant,
}

/// <summary>One name of a <see cref="OptionsKind.Choice"/>.</summary>
/// <param name="Name">As it is written.</param>
/// <param name="Value">The member of the enumeration.</param>
/// <param name="Member">The member's field, for its documentation.</param>
internal sealed record OptionsChoice(string Name, object Value, FieldInfo Member);

/// <summary>One record of a <see cref="OptionsKind.Variant"/>.</summary>
/// <param name="Name">The value of the key that tells the records apart.</param>
/// <param name="Type">The record.</param>
internal sealed record OptionsVariant(string Name, OptionsType Type);

/// <summary>The shape of an options type, read once by reflection: what binder, schema and documentation share. Immutable.</summary>
internal sealed class OptionsType
{
    private static readonly ConcurrentDictionary<Type, OptionsType> Known = new();

    private OptionsType(Type clrType, OptionsKind kind)
    {
        ClrType = clrType;
        Kind = kind;
    }

    /// <summary>The .NET type, without <see cref="Nullable{T}"/>.</summary>
    public Type ClrType { get; }

    /// <summary>How its values are written.</summary>
    public OptionsKind Kind { get; }

    /// <summary>Type of the elements of a list or of the entries of a map.</summary>
    public OptionsType? Element { get; private init; }

    /// <summary>Properties of a record: those of its base first, in the order of their declaration.</summary>
    public ImmutableArray<OptionsProperty> Properties { get; private init; } = [];

    /// <summary>Names of a choice.</summary>
    public ImmutableArray<OptionsChoice> Choices { get; private init; } = [];

    /// <summary>Records of a variant.</summary>
    public ImmutableArray<OptionsVariant> Variants { get; private init; } = [];

    /// <summary>The key of a variant that tells its records apart; empty for the other kinds.</summary>
    public string Discriminator { get; private init; } = "";

    /// <summary>The shape of a type.</summary>
    /// <exception cref="NotSupportedException">A property has a type that cannot stand in configuration: a mistake in our options.</exception>
    public static OptionsType For(Type type) => Known.GetOrAdd(Nullable.GetUnderlyingType(type) ?? type, Read);

    private static OptionsType Read(Type type)
    {
        if (ScalarKind(type) is { } scalar)
        {
            return new OptionsType(type, scalar);
        }

        if (type.IsEnum)
        {
            return new OptionsType(type, OptionsKind.Choice) { Choices = ReadChoices(type) };
        }

        if (type.IsGenericType)
        {
            var definition = type.GetGenericTypeDefinition();
            return definition == typeof(IReadOnlyList<>)
                    ? new OptionsType(type, OptionsKind.List) { Element = For(type.GenericTypeArguments[0]) }
                : definition == typeof(IReadOnlyDictionary<,>)
                    ? new OptionsType(type, OptionsKind.Map) { Element = For(type.GenericTypeArguments[1]) }
                : throw new NotSupportedException($"{type} cannot stand in configuration.");
        }

        if (type.GetCustomAttribute<JsonPolymorphicAttribute>() is { TypeDiscriminatorPropertyName: { } discriminator })
        {
            return new OptionsType(type, OptionsKind.Variant) { Discriminator = discriminator, Variants = ReadVariants(type) };
        }

        return type is { IsClass: true, IsAbstract: false }
            ? new OptionsType(type, OptionsKind.Record) { Properties = ReadProperties(type) }
            : throw new NotSupportedException($"{type} cannot stand in configuration.");
    }

    private static OptionsKind? ScalarKind(Type type)
        => type == typeof(string) ? OptionsKind.Text
            : type == typeof(bool) ? OptionsKind.Boolean
            : type == typeof(int) || type == typeof(long) ? OptionsKind.Integer
            : type == typeof(TimeSpan) ? OptionsKind.Duration
            : type == typeof(ByteSize) ? OptionsKind.Size
            : type == typeof(DateTimeOffset) ? OptionsKind.Instant
            : null;

    private static ImmutableArray<OptionsChoice> ReadChoices(Type type)
        => [.. type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(static member => new OptionsChoice(
            member.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? member.Name,
            member.GetValue(null)!,
            member))];

    private static ImmutableArray<OptionsVariant> ReadVariants(Type type)
        => [.. type.GetCustomAttributes<JsonDerivedTypeAttribute>().Select(static derived
            => new OptionsVariant((string)derived.TypeDiscriminator!, For(derived.DerivedType)))];

    private static ImmutableArray<OptionsProperty> ReadProperties(Type type)
    {
        var defaults = Activator.CreateInstance(type)!;
        return [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(static property => property.SetMethod is { IsPublic: true })
            .OrderBy(static property => Depth(property.DeclaringType!))
            .ThenBy(static property => property.MetadataToken)
            .Select(property => new OptionsProperty(property, For(property.PropertyType), property.GetValue(defaults)))];
    }

    private static int Depth(Type type) => type.BaseType is { } parent ? Depth(parent) + 1 : 0;
}
