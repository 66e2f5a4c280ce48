using System.Text.Json.Nodes;
using HighAvail.Drill;
using HighAvail.Drill.Audit;
using HighAvail.Drill.Faults;
using HighAvail.Drill.Load;
using HighAvail.Drill.Report;

namespace HighAvail.Tests.Drill.Report;

public class ReportTests
{
    private static readonly AuditResult _held = new() { Sources = ["database"], Findings = [], Acknowledged = 5 };

    [Fact]
    public void Build_RequestsAroundAFault_CountWhereTheyBelong()
    {
        var report = Build([
            Sample(1),
            Sample(9.5, latency: 0.2),
            Sample(9.9, Outcome.Unknown, latency: 1.5),
            Sample(11),
            Sample(13, Outcome.Failed),
            Sample(16),
            Sample(21),
        ]);

        Assert.Equal(7, report.Total.Requests);
        Assert.Equal((3, 0), (report.Undisturbed.Requests, report.Undisturbed.Failed));
        var row = report.Faults[0];
        Assert.Equal((4, 1, 1, 50.0), (row.Requests.Requests, row.Requests.Failed, row.Requests.Unknown, row.Requests.Availability));
        Assert.Equal(1500, row.Requests.Max, tolerance: 2);

        // Healthy after 2 s, but the last failure was sent 3 s after the beginning.
        Assert.Equal((2.0, 3.0), (row.Healing, row.Recovery));
        Assert.Equal([1, 9, 11, 13, 16, 21], report.Timeline.Select(s => s.Second));
        Assert.Equal(2, report.Timeline[1].Requests);
        Assert.Equal([1, 1, 1, 0, 1, 1], report.Timeline.Select(s => s.Answered));
    }

    [Fact]
    public void Build_SystemStandsStill_NothingIsAnsweredUntilItGoesOn()
    {
        var report = Build([Sample(1), Sample(2, latency: 2.5), Sample(3, latency: 1.5), Sample(4, latency: 0.5)]);

        Assert.Equal([1, 0, 0, 3], report.Timeline.Select(s => s.Answered));
        Assert.All(report.Timeline, s => Assert.Equal(1, s.Requests));
    }

    [Fact]
    public void Build_FaultThatWasMadeTwice_IsOneRowWithTheLongerTimes()
    {
        var faults = new[] { Fault(10, 12, 20), Fault(30, 36, 40) };

        var report = ReportBuilder.Build(new() { Slo = 0 }, "run", "https://x", DateTimeOffset.UnixEpoch, [Sample(11), Sample(31), Sample(39)], faults, _held);

        var row = Assert.Single(report.Faults);
        Assert.Equal((2, 3, 6.0, 6.0), (row.Times, row.Requests.Requests, row.Healing, row.Recovery));
        Assert.Equal(2, report.Windows.Count);
    }

    [Fact]
    public void Write_Json_HasWhatProgramsRead()
    {
        var json = JsonNode.Parse(ReportJson.Write(Build([Sample(1), Sample(11, Outcome.Failed)])))!;

        Assert.Equal("run", (string?)json["run"]);
        Assert.Equal(50.0, (double?)json["total"]!["availability"]);
        Assert.Equal("kill-orders", (string?)json["faults"]![0]!["name"]);
        Assert.Equal(1, (int?)json["faults"]![0]!["requests"]!["failed"]);
        Assert.Equal("the host has no command 'scale'", (string?)json["faults"]![1]!["notAvailable"]);
        Assert.Equal(1, (int?)json["timeline"]![1]!["failed"]);
        Assert.Equal("kill <orders-0>", (string?)json["marks"]![0]!["text"]);
        Assert.Equal(5, (int?)json["audit"]!["acknowledged"]);
        Assert.Equal(3, (int?)json["exitCode"]);
        Assert.Equal("availability 50 % is below 99.9 %", (string?)json["verdict"]![0]);
        Assert.NotNull(json["kinds"]!["Read"]);
        Assert.True((int?)json["machine"]!["cores"] > 0);
    }

    [Fact]
    public void Write_Html_NeedsNothingElseAndEscapesWhatItIsGiven()
    {
        var audit = _held with { Findings = [new(FindingKind.Lost, "<script>alert(1)</script>", "a & b")] };

        var html = HtmlReport.Write(Build([Sample(1), Sample(11, Outcome.Failed)], audit: audit, target: "https://x/?a=\"<b>\""));

        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.DoesNotContain("\"<b>\"", html, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", html, StringComparison.Ordinal);
        Assert.Contains("a &amp; b", html, StringComparison.Ordinal);
        Assert.Contains("kill &lt;orders-0&gt;", html, StringComparison.Ordinal);
        Assert.DoesNotContain("href=", html, StringComparison.Ordinal);
        Assert.DoesNotContain("src=", html, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", html, StringComparison.Ordinal);
        Assert.Contains("prefers-color-scheme: dark", html, StringComparison.Ordinal);
        Assert.Equal(2, html.Split("<svg").Length - 1);
    }

    [Fact]
    public void ExitCode_OfEveryOutcome_IsItsOwn()
    {
        var failed = Sample(11, Outcome.Failed);
        var lost = _held with { Findings = [new(FindingKind.Lost, "order", "gone")] };

        Assert.Equal(DrillExitCode.Held, Build([Sample(1)]).ExitCode);
        Assert.Equal(DrillExitCode.Held, Build([failed], slo: 0).ExitCode);
        Assert.Equal(DrillExitCode.NotAvailable, Build([failed]).ExitCode);
        Assert.Equal(DrillExitCode.NotAvailable, Build([Sample(1)], fault: Fault(10, null, 20)).ExitCode);
        Assert.Equal(DrillExitCode.NotAvailable, Build([Sample(1)], fault: Fault(10, 12, 20) with { IsSettled = false }).ExitCode);
        Assert.Equal(DrillExitCode.NotDone, Build([failed], fault: Fault(10, null, 20) with { Error = "no" }).ExitCode);
        Assert.Equal(DrillExitCode.NotDone, Build([]).ExitCode);
        Assert.Equal(DrillExitCode.NotDone, Build([Sample(1)], audit: _held with { Acknowledged = 0 }).ExitCode);
        Assert.Equal(DrillExitCode.Held, Build([Sample(1)], fault: Fault(10, 12, 20) with { NotMade = "it is Restarting" }).ExitCode);
        Assert.Equal(DrillExitCode.NotAvailable, Build([Sample(1)], audit: _held with { SetAside = [Guid.NewGuid()] }).ExitCode);
        Assert.Equal(DrillExitCode.Broken, Build([Sample(1)], audit: lost).ExitCode);
        Assert.Equal(DrillExitCode.Broken, Build([failed], audit: lost, fault: Fault(10, null, 20) with { Error = "no" }).ExitCode);
        Assert.Equal(5, new HashSet<int> { DrillExitCode.Held, DrillExitCode.NotDone, DrillExitCode.Broken, DrillExitCode.NotAvailable, DrillExitCode.Cancelled }.Count);
    }

    [Fact]
    public void Write_WhatNeedsALook_IsNamed()
    {
        var order = Guid.NewGuid();
        var audit = _held with { SetAside = [order], Findings = [new(FindingKind.NotFinal, "order", "it is still pending")] };

        var report = Build([Sample(1)], audit, Fault(10, 12, 20) with { NotMade = "it is <Restarting>" }) with
        {
            BadAnswers = new Dictionary<string, int> { ["GET /orders: 503 <nobody>"] = 3 },
        };

        Assert.Contains(report.Verdict, v => v.Contains(order.ToString(), StringComparison.Ordinal));
        var html = HtmlReport.Write(report);
        Assert.Contains("not all final", html, StringComparison.Ordinal);
        Assert.Contains("not made: it is &lt;Restarting&gt;", html, StringComparison.Ordinal);
        Assert.Contains("GET /orders: 503 &lt;nobody&gt;", html, StringComparison.Ordinal);
    }

    private static DrillReport Build(
        IReadOnlyList<Sample> samples, AuditResult? audit = null, FaultRecord? fault = null, double slo = 99.9, string target = "https://x") => ReportBuilder.Build(
        new() { Slo = slo },
        "run",
        target,
        DateTimeOffset.UnixEpoch,
        samples,
        [fault ?? Fault(10, 12, 20), new() { Name = "scale", Title = "scaled", NotAvailable = "the host has no command 'scale'" }],
        audit ?? _held);

    private static Sample Sample(double second, Outcome outcome = Outcome.Ok, double latency = 0.01) =>
        new(RequestKind.Read, outcome, TimeSpan.FromSeconds(second), TimeSpan.Zero, TimeSpan.FromSeconds(latency));

    private static FaultRecord Fault(double began, double? healed, double ended) => new()
    {
        Name = "kill-orders",
        Title = "an Order replica killed",
        BeganAt = TimeSpan.FromSeconds(began),
        HealedAt = healed is { } at ? TimeSpan.FromSeconds(at) : null,
        EndedAt = TimeSpan.FromSeconds(ended),
        WasWatched = true,
        IsSettled = true,
        Marks = [new(TimeSpan.FromSeconds(began), "kill <orders-0>")],
    };
}
