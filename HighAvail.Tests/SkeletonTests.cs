namespace HighAvail.Tests;

public class SkeletonTests
{
    [Fact]
    public void Runner_Runs() => Assert.True(File.Exists(typeof(SkeletonTests).Assembly.Location));
}
