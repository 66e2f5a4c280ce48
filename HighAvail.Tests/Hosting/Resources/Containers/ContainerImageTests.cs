using HighAvail.Hosting.ApplicationModel;

namespace HighAvail.Tests.Hosting.Resources.Containers;

public sealed class ContainerImageTests
{
    private const string Digest = "01234567890abcdef01234567890abcdef01234567890abcdef01234567890ab";

    [Theory]
    [InlineData("none", "none", "latest", null)]
    [InlineData("image:tag", "image", "tag", null)]
    [InlineData("example.org:5000/team/image:1.2-x", "example.org:5000/team/image", "1.2-x", null)]
    [InlineData("localhost:5000/image", "localhost:5000/image", "latest", null)]
    [InlineData("image@sha256:" + Digest, "image", null, Digest)]
    public void Image_ByName_IsTakenApart(string text, string image, string? tag, string? sha256)
    {
        var container = new DistributedApplicationBuilder([]).AddContainer("c", text);

        var annotation = Assert.Single(container.Resource.Annotations.OfType<ContainerImageAnnotation>());
        Assert.Equal((image, tag, sha256, null), (annotation.Image, annotation.Tag, annotation.SHA256, annotation.Registry));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData(":justtag")]
    [InlineData("aa/asdf$$^/aa")]
    [InlineData("image@sha256:short")]
    public void Image_ThatIsNoName_IsRefused(string text)
    {
        var builder = new DistributedApplicationBuilder([]);

        Assert.Throws<ArgumentOutOfRangeException>(() => builder.AddContainer("c", text));
    }

    [Fact]
    public void Image_WithTwoTags_IsRefused()
    {
        var container = new DistributedApplicationBuilder([]).AddContainer("c", "image");

        Assert.Throws<InvalidOperationException>(() => container.WithImage("image:1", "2"));
        Assert.Throws<ArgumentOutOfRangeException>(() => container.WithImage("image@sha256:" + Digest, "2"));
    }

    [Fact]
    public void Image_ChangedStepByStep_IsNamedByTagOrDigest()
    {
        var container = new DistributedApplicationBuilder([]).AddContainer("c", "image", "1").WithImageRegistry("example.org");
        Assert.Equal("example.org/image:1", FullName(container.Resource));

        container.WithImageSHA256(Digest);
        Assert.Equal($"example.org/image@sha256:{Digest}", FullName(container.Resource));

        container.WithImageTag("2").WithImageRegistry(null);
        Assert.Equal("image:2", FullName(container.Resource));
    }

    [Fact]
    public void ImageTag_WithoutAnImage_IsRefused()
    {
        var builder = new DistributedApplicationBuilder([]);
        var container = builder.AddResource(new ContainerResource("c"));

        var exception = Assert.Throws<InvalidOperationException>(() => container.WithImageTag("1"));

        Assert.Contains("'c' does not have a container image specified", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Mount_ThatMakesNoSense_IsRefused()
    {
        Assert.Throws<ArgumentNullException>(() => new ContainerMountAnnotation(null, "/t", ContainerMountType.BindMount, isReadOnly: false));
        Assert.Throws<ArgumentException>(() => new ContainerMountAnnotation("relative", "/t", ContainerMountType.BindMount, isReadOnly: false));
        Assert.Throws<ArgumentException>(() => new ContainerMountAnnotation(null, "/t", ContainerMountType.Volume, isReadOnly: true));
    }

    [Fact]
    public void VolumeName_WhenPublished_DoesNotDependOnTheMachine()
    {
        string Name(string folder, params string[] args) =>
            VolumeNameGenerator.Generate(new DistributedApplicationBuilder(new DistributedApplicationOptions { ProjectDirectory = folder, Args = args }).AddPostgres("pg"), "data");

        Assert.Matches("^highavail.tests-[0-9a-f]{10}-pg-data$", Name("/one"));
        Assert.NotEqual(Name("/one"), Name("/two"));
        Assert.Equal(Name("/one", "--publisher", "manifest"), Name("/two", "--publisher", "manifest"));
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("-a")]
    public void VolumeName_WithABadSuffix_IsRefused(string suffix)
    {
        var container = new DistributedApplicationBuilder([]).AddContainer("c", "image");

        Assert.Throws<ArgumentException>(nameof(suffix), () => VolumeNameGenerator.Generate(container, suffix));
    }

    private static string? FullName(ContainerResource container) => container.TryGetContainerImageName(out var name) ? name : null;
}
