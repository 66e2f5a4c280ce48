using HighAvail.ServiceDefaults.Postgres;
using Npgsql;

namespace HighAvail.Tests.ServiceDefaults.Postgres;

public class PostgresConnectionStringTests
{
    [Fact]
    public void WithDefaults_NothingSaid_LimitsPoolConnectingAndReading()
    {
        var result = Complete("Host=db;Database=usersdb");

        Assert.Equal(12, result.MaxPoolSize);
        Assert.Equal(3, result.Timeout);
        Assert.Equal(2, result.CommandTimeout);
        Assert.Equal("users", result.ApplicationName);
    }

    [Theory]
    [InlineData("Host=db;Maximum Pool Size=100;Timeout=15;Command Timeout=60;Application Name=mine")]
    [InlineData("Host=db;MaxPoolSize=100;Timeout=15;CommandTimeout=60;ApplicationName=mine")]
    public void WithDefaults_SaidInTheConnectionString_IsKept(string connectionString)
    {
        var result = Complete(connectionString);

        Assert.Equal(100, result.MaxPoolSize);
        Assert.Equal(15, result.Timeout);
        Assert.Equal(60, result.CommandTimeout);
        Assert.Equal("mine", result.ApplicationName);
    }

    [Fact]
    public void WithDefaults_PoolTooSmallForMigrations_IsRefused()
    {
        var exception = Assert.Throws<InvalidOperationException>(() => Complete("Host=db;Maximum Pool Size=1"));

        Assert.Contains("2", exception.Message, StringComparison.Ordinal);
    }

    private static NpgsqlConnectionStringBuilder Complete(string connectionString) =>
        new(PostgresConnectionString.WithDefaults(connectionString, new PostgresOptions(), "users"));
}
