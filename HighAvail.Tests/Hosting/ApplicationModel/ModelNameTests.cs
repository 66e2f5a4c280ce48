using HighAvail.Hosting.ApplicationModel;

namespace HighAvail.Tests.Hosting.ApplicationModel;

public class ModelNameTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("users-2")]
    [InlineData("A1-b2-C3")]
    public void ValidateName_ValidName_IsAccepted(string name) => ModelName.ValidateName("Resource", name);

    [Theory]
    [InlineData("9lives", "Name must start with an ASCII letter.")]
    [InlineData("-users", "Name must start with an ASCII letter.")]
    [InlineData("users-", "Name cannot end with a hyphen.")]
    [InlineData("users--db", "Name cannot contain consecutive hyphens.")]
    [InlineData("users_db", "Name must contain only ASCII letters, digits, and hyphens.")]
    [InlineData("users.db", "Name must contain only ASCII letters, digits, and hyphens.")]
    [InlineData("üsers", "Name must contain only ASCII letters, digits, and hyphens.")]
    public void ValidateName_BrokenRule_SaysWhich(string name, string rule)
    {
        var exception = Assert.Throws<ArgumentException>(() => ModelName.ValidateName("Resource", name));

        Assert.Equal($"Resource name '{name}' is invalid. {rule} (Parameter 'name')", exception.Message);
    }

    [Fact]
    public void ValidateName_EmptyOrTooLong_SaysTheLimits()
    {
        ModelName.ValidateName("Resource", new string('a', 64));

        foreach (var name in (string[])[string.Empty, new string('a', 65)])
        {
            var exception = Assert.Throws<ArgumentException>(() => ModelName.ValidateName("Resource", name));
            Assert.Equal($"Resource name '{name}' is invalid. Name must be between 1 and 64 characters long. (Parameter 'name')", exception.Message);
        }

        Assert.Throws<ArgumentNullException>(() => ModelName.ValidateName("Resource", null!));
    }

    [Fact]
    public void AddResource_SameNameInOtherCase_NamesBothTypes()
    {
        var builder = Model.Create();
        builder.AddParameter("Users", "x");

        var exception = Assert.Throws<DistributedApplicationException>(() => builder.AddExecutable("users", "true", "."));

        Assert.Equal(
            $"Cannot add resource of type '{typeof(ExecutableResource)}' with name 'users' because resource of type '{typeof(ParameterResource)}' with that name already exists. Resource names are case-insensitive.",
            exception.Message);
    }

    [Fact]
    public void WithEndpoint_InvalidName_IsRefused()
    {
        var program = Model.Create().AddExecutable("program", "true", ".");

        Assert.Throws<ArgumentException>(() => program.WithHttpEndpoint(name: "my_endpoint"));
    }
}
