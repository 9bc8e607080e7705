using System.Net;
using System.Net.Sockets;

namespace Gateway.IntegrationTests;

/// <summary>An address that refuses connections, and that nobody else gets meanwhile: bound, but not listened at.</summary>
internal sealed class DeadAddress : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public DeadAddress()
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Address = $"http://{_socket.LocalEndPoint}";
    }

    /// <summary>The address, without a trailing slash.</summary>
    public string Address { get; }

    public void Dispose() => _socket.Dispose();
}
