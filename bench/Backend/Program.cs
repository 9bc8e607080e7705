using Gateway.Bench.Backend;

// Stands in for the functions. It must stay far cheaper than what is measured in front of it, so: no routing, no logging, fixed answers.
var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();

var app = builder.Build();
app.Run(FixedAnswers.HandleAsync);
await app.StartAsync();
Console.WriteLine(string.Join(' ', app.Urls));
await app.WaitForShutdownAsync();
