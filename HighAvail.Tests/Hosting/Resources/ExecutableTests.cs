using HighAvail.Hosting.ApplicationModel;
using HighAvail.Tests.Hosting.ApplicationModel;

namespace HighAvail.Tests.Hosting.Resources;

public class ExecutableTests
{
    [Fact]
    public void WithCommandAndWorkingDirectory_OfAProgram_ReplaceWhatItWasAddedWith()
    {
        var builder = Model.Create();
        var program = builder.AddExecutable("program", "first", "first").WithCommand("second").WithWorkingDirectory("second");

        var annotation = Assert.Single(program.Resource.Annotations.OfType<ExecutableAnnotation>());

        Assert.Equal(("second", Path.Combine(builder.AppHostDirectory, "second")), (annotation.Command, annotation.WorkingDirectory));
        Assert.Equal((annotation.Command, annotation.WorkingDirectory), (program.Resource.Command, program.Resource.WorkingDirectory));
    }

    [Fact]
    public void WithCommandAndWorkingDirectory_Empty_AreNoCommandAndTheHostsFolder()
    {
        var builder = Model.Create();
        var program = builder.AddExecutable("program", "first", "first");

        Assert.Throws<ArgumentException>("command", () => program.WithCommand(string.Empty));
        Assert.Equal(builder.AppHostDirectory, program.WithWorkingDirectory(string.Empty).Resource.WorkingDirectory);
    }

    [Fact]
    public async Task WithArgs_ValuesOfResources_AreReferences()
    {
        var builder = Model.Create();
        var parameter = builder.AddParameter("parameter", "p");
        var other = builder.AddExecutable("other", "true", ".").WithHttpEndpoint().Allocated("http", 5000);
        var program = builder.AddExecutable("program", "true", ".", "first", other.GetEndpoint("http")).WithArgs("second", parameter);

        Assert.Equal(["first", "http://localhost:5000", "second", "p"], await program.Resource.GetArgumentValuesAsync());
        Assert.Equal([parameter.Resource], program.Resource.Annotations.OfType<ResourceRelationshipAnnotation>().Select(r => r.Resource));
    }
}
