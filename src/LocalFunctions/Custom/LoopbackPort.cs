using System.Net;
using System.Net.Sockets;

namespace Gateway.LocalFunctions.Custom;

/// <summary>Ports of this machine on which the servers of custom runtimes listen.</summary>
internal static class LoopbackPort
{
    private static readonly IPAddress[] Addresses = [IPAddress.Loopback, IPAddress.IPv6Loopback];

    /// <summary>A port that nobody listens on now.</summary>
    public static int FindFree()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Where somebody accepts connections on a port; null when nobody does. Servers listen on either family, or on both.</summary>
    public static async Task<IPEndPoint?> FindListenerAsync(int port, CancellationToken cancellationToken)
    {
        foreach (var address in Addresses)
        {
            try
            {
                var endpoint = new IPEndPoint(address, port);
                (await ConnectAsync(endpoint, cancellationToken)).Dispose();
                return endpoint;
            }
            catch (SocketException)
            {
                // Not there, or no such family on this machine.
            }
        }

        return null;
    }

    /// <summary>Connects.</summary>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    public static async Task<Socket> ConnectAsync(IPEndPoint endpoint, CancellationToken cancellationToken)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endpoint, cancellationToken);
            if (endpoint.Equals(socket.LocalEndPoint))
            {
                // While nobody listens, the system may give us that very port to connect from; TCP then connects the socket to itself.
                throw new SocketException((int)SocketError.ConnectionRefused);
            }

            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
