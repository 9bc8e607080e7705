using System.Buffers.Binary;
using System.Text;

namespace Gateway.IntegrationTests.Observability;

/// <summary>A protobuf message read from the wire, without a schema: its fields by number.</summary>
internal sealed class WireMessage
{
    private readonly List<(int Field, ReadOnlyMemory<byte> Bytes, ulong Number)> _fields = [];

    public WireMessage(ReadOnlyMemory<byte> bytes)
    {
        var position = 0;
        while (position < bytes.Length)
        {
            var key = ReadVarint(bytes.Span, ref position);
            var field = (int)(key >> 3);
            switch (key & 7)
            {
                case 0:
                    _fields.Add((field, default, ReadVarint(bytes.Span, ref position)));
                    break;
                case 1:
                    _fields.Add((field, default, BinaryPrimitives.ReadUInt64LittleEndian(bytes.Span[position..])));
                    position += 8;
                    break;
                case 2:
                    var length = (int)ReadVarint(bytes.Span, ref position);
                    _fields.Add((field, bytes.Slice(position, length), 0));
                    position += length;
                    break;
                case 5:
                    _fields.Add((field, default, BinaryPrimitives.ReadUInt32LittleEndian(bytes.Span[position..])));
                    position += 4;
                    break;
                default:
                    throw new FormatException($"Wire type {key & 7} at byte {position}.");
            }
        }
    }

    /// <summary>All messages of a field, and of the fields below it.</summary>
    public IEnumerable<WireMessage> All(params int[] path)
        => path.Length == 0 ? [this] : _fields.Where(one => one.Field == path[0]).SelectMany(one => new WireMessage(one.Bytes).All(path[1..]));

    public string Text(int field) => Encoding.UTF8.GetString(Bytes(field).Span);

    public string Hex(int field) => Convert.ToHexStringLower(Bytes(field).Span);

    public ulong Number(int field) => _fields.LastOrDefault(one => one.Field == field).Number;

    /// <summary>OpenTelemetry's list of attributes in a field, values as text.</summary>
    public Dictionary<string, string> Attributes(int field) => All(field).ToDictionary(static pair => pair.Text(1), static pair => pair.All(2).Single().AnyValue());

    private string AnyValue() => _fields.Count == 0 ? "" : _fields[0].Field switch
    {
        1 => Text(1),
        4 => BitConverter.UInt64BitsToDouble(Number(4)).ToString(System.Globalization.CultureInfo.InvariantCulture),
        var field => Number(field).ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    private ReadOnlyMemory<byte> Bytes(int field) => _fields.LastOrDefault(one => one.Field == field).Bytes;

    private static ulong ReadVarint(ReadOnlySpan<byte> bytes, ref int position)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = bytes[position++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
