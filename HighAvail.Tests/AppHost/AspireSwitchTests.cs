using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace HighAvail.Tests.AppHost;

/// <summary>What keeps <c>-p:UseAspire=true</c> a matter of project files, and everything else free of Aspire's packages.</summary>
public class AspireSwitchTests
{
    private static readonly string _root = Path.GetDirectoryName(Projects.HighAvail_AppHost.ProjectPath)!;

    [Fact]
    public void Restore_ByDefault_AsksForNoAspirePackage()
    {
        var restored = Directory.GetDirectories(_root, "HighAvail.*").Select(f => Path.Combine(f, "obj", "project.assets.json")).Where(File.Exists).ToList();

        Assert.True(restored.Count >= 6, $"Only {restored.Count} projects were restored.");
        Assert.All(restored, assets =>
        {
            var libraries = JsonElement.Parse(File.ReadAllText(assets)).GetProperty("libraries").EnumerateObject().Select(l => l.Name);
            Assert.DoesNotContain(libraries, l => l.StartsWith("Aspire.", StringComparison.OrdinalIgnoreCase));
        });
    }

    [Fact]
    public void ProjectFiles_WhatIsAspires_IsUnderTheCondition()
    {
        var mentions = Directory.GetDirectories(_root, "HighAvail.*")
            .SelectMany(f => Directory.GetFiles(f, "*.csproj"))
            .SelectMany(f => XDocument.Load(f).Descendants())
            .Where(e => ((string?)e.Attribute("Include") ?? (string?)e.Attribute("Sdk"))?.StartsWith("Aspire.", StringComparison.Ordinal) == true)
            .ToList();

        Assert.NotEmpty(mentions);
        Assert.All(mentions, e => Assert.Contains(e.AncestorsAndSelf(), a => (string?)a.Attribute("Condition") == "'$(UseAspire)' == 'true'"));
    }

    [Fact]
    public void Versions_OfAspiresPackages_AreOne()
    {
        var sdk = XDocument.Load(Path.Combine(_root, "HighAvail.AppHost", "HighAvail.AppHost.csproj")).Descendants("Import")
            .Where(e => (string?)e.Attribute("Sdk") == "Aspire.AppHost.Sdk");
        var packages = XDocument.Load(Path.Combine(_root, "Directory.Packages.props")).Descendants("PackageVersion")
            .Where(e => ((string)e.Attribute("Include")!).StartsWith("Aspire.", StringComparison.Ordinal));

        Assert.Single(sdk.Concat(packages).Select(e => (string?)e.Attribute("Version")).Distinct());
    }

    [Fact]
    public void AppHost_OnAspire_KeepsGeneratedPasswordsBetweenRuns()
    {
        var project = XDocument.Load(Path.Combine(_root, "HighAvail.AppHost", "HighAvail.AppHost.csproj"));

        // The data volume is kept, so what was generated for it has to be, too.
        Assert.Contains("WithDataVolume", File.ReadAllText(Path.Combine(_root, "HighAvail.AppHost", "AppHost.cs")), StringComparison.Ordinal);
        Assert.Equal("'$(UseAspire)' == 'true'", (string?)Assert.Single(project.Descendants("UserSecretsId")).Attribute("Condition"));
    }

    [Fact]
    public void AppHost_Source_KnowsNeitherHost()
    {
        var source = File.ReadAllText(Path.Combine(_root, "HighAvail.AppHost", "AppHost.cs"));
        var edge = Directory.GetFiles(Path.Combine(_root, "HighAvail.AppHost", "Edge"), "*.cs");

        Assert.DoesNotMatch(new Regex(@"^\s*(#|using [\w.]+;)", RegexOptions.Multiline), source);
        Assert.NotEmpty(edge);
        Assert.All(edge, file => Assert.DoesNotMatch(new Regex(@"^(#|using (HighAvail|Aspire)\.)", RegexOptions.Multiline), File.ReadAllText(file)));
    }

    [Fact]
    public void EndToEndTests_Sources_KnowNeitherHost()
    {
        var sources = Directory.GetFiles(Path.Combine(_root, "HighAvail.Tests", "EndToEnd"), "*.cs", SearchOption.AllDirectories);

        Assert.NotEmpty(sources);
        var oneHost = new Regex(@"^(using (HighAvail\.(?!Tests)|Aspire\.)|#if)", RegexOptions.Multiline);
        Assert.All(sources, s => Assert.DoesNotMatch(oneHost, File.ReadAllText(s)));
    }
}
