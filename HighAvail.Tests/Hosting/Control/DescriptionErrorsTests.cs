using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Control;

namespace HighAvail.Tests.Hosting.Control;

public class DescriptionErrorsTests
{
    [Fact]
    public void Describe_AMistakeInTheModel_IsOneLineThatSaysWhere()
    {
        var builder = DistributedApplication.CreateBuilder();
        var twice = Record.Exception(() =>
        {
            builder.AddParameter("name");
            builder.AddParameter("Name");
        });
        var invalid = Record.Exception(() => builder.AddParameter("no_name"));

        Assert.Matches(@"^error: Cannot add resource .*'Name'.* \(DescriptionErrorsTests\.cs:\d+\)$", DescriptionErrors.Describe(twice!));
        Assert.Matches(@"^error: Resource name 'no_name' is invalid\..* \(DescriptionErrorsTests\.cs:\d+\)$", DescriptionErrors.Describe(invalid!));
    }

    [Fact]
    public void Describe_AnyOtherMistake_LeavesTheStackTrace()
    {
        var foreign = Record.Exception(() => _ = new string('a', -1));

        Assert.Null(DescriptionErrors.Describe(foreign!));
        Assert.Null(DescriptionErrors.Describe(Record.Exception(() => ((IResource)null!).Name.ToString())!));
    }
}
