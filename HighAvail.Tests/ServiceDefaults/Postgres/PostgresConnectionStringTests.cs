using HighAvail.ServiceDefaults.Postgres;
using Npgsql;

namespace HighAvail.Tests.ServiceDefaults.Postgres;

public class PostgresConnectionStringTests
{
    [Fact]
    public void WithDefaults_NothingSaid_LimitsPoolAndConnecting()
    {
        var result = Complete("Host=db;Database=usersdb");

        Assert.Equal(8, result.MaxPoolSize);
        Assert.Equal(1, result.Timeout);
        Assert.Equal("users", result.ApplicationName);
    }

    [Theory]
    [InlineData("Host=db;Maximum Pool Size=100;Timeout=15;Application Name=mine")]
    [InlineData("Host=db;MaxPoolSize=100;Timeout=15;ApplicationName=mine")]
    public void WithDefaults_SaidInTheConnectionString_IsKept(string connectionString)
    {
        var result = Complete(connectionString);

        Assert.Equal(100, result.MaxPoolSize);
        Assert.Equal(15, result.Timeout);
        Assert.Equal("mine", result.ApplicationName);
    }

    private static NpgsqlConnectionStringBuilder Complete(string connectionString) =>
        new(PostgresConnectionString.WithDefaults(connectionString, new PostgresOptions(), "users"));
}
