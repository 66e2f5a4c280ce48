using HighAvail.Drill;
using HighAvail.Drill.Bench;

var root = DrillCommand.Create();
root.Subcommands.Add(BenchCommand.Create());
foreach (var server in BenchCommand.CreateServers())
{
    root.Subcommands.Add(server);
}

return await CommandRunner.RunAsync(root, args, Console.Error);
