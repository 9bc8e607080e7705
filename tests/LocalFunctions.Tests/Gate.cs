using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Gateway.LocalFunctions.Tests;

/// <summary>Lets a test hold calls of a function: the function connects, and waits for a line.</summary>
internal sealed class Gate : IDisposable
{
    /// <summary>Node.js code of a function <c>pass()</c> that waits at the gate of the port that <c>GATE</c> names.</summary>
    public const string NodeJs =
        """
        const pass = () => new Promise((resolve, reject) => {
          const socket = require('node:net').connect(Number(process.env.GATE), '127.0.0.1');
          socket.on('data', (data) => { socket.destroy(); resolve(String(data)); }).on('error', reject);
        });

        """;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public Gate() => _listener.Start();

    public IReadOnlyDictionary<string, string> Environment
        => new Dictionary<string, string> { ["GATE"] = ((IPEndPoint)_listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture) };

    /// <summary>Waits for the next call to arrive.</summary>
    public async Task<TcpClient> ArriveAsync()
        => await _listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>Lets one call go on.</summary>
    public static async Task OpenAsync(TcpClient call)
    {
        await call.GetStream().WriteAsync("go"u8.ToArray(), TestContext.Current.CancellationToken);
        call.Dispose();
    }

    public void Dispose() => _listener.Dispose();
}
