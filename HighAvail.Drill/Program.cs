using System.CommandLine;
using HighAvail.Drill.Bench;

var root = new RootCommand("Proves that the system holds.")
{
    BenchCommand.Create(),
    BenchCommand.CreateFloor(),
};
return await root.Parse(args).InvokeAsync();
