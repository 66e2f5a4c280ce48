using HighAvail.Drill;
using HighAvail.Drill.Bench;

var root = DrillCommand.Create();
root.Subcommands.Add(BenchCommand.Create());
root.Subcommands.Add(BenchCommand.CreateFloor());
return await CommandRunner.RunAsync(root, args, Console.Error);
