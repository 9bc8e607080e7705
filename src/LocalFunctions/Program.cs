using System.Runtime.InteropServices;
using Gateway.LocalFunctions.Serving;
using Microsoft.Extensions.Logging;

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var loggers = LoggerFactory.Create(static logging => logging
    .AddSimpleConsole(static console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss ")));
return await ServeCommand.RunAsync(args, Console.Out, Console.Error, loggers, TimeProvider.System, stop.Token);

void Stop(PosixSignalContext context)
{
    context.Cancel = true; // We end the processes first, then ourselves.
    stop.Cancel();
}
