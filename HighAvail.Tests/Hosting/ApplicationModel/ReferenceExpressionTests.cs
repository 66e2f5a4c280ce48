using HighAvail.Hosting.ApplicationModel;

namespace HighAvail.Tests.Hosting.ApplicationModel;

public class ReferenceExpressionTests
{
    [Fact]
    public async Task Create_LiteralsAndValues_GivesValueAndExpression()
    {
        var password = Model.Create().AddParameter("password", "p@ss word", secret: true);

        var expression = ReferenceExpression.Create($"User={"me"};Password={password};Url={password:uri}");

        Assert.Equal("User=me;Password=p@ss word;Url=p%40ss%20word", await expression.GetValueAsync(TestContext.Current.CancellationToken));
        Assert.Equal("User=me;Password={password.value};Url={password.value}", expression.ValueExpression);
        Assert.Equal([null, "uri"], expression.StringFormats);
        Assert.Equal(2, expression.ValueProviders.Count);
    }

    [Theory]
    [InlineData("{\"a\":1}", "{\"a\":1}")]
    [InlineData("{{x}}", "{x}")]
    [InlineData("}{", "}{")]
    [InlineData("{", "{")]
    public async Task Create_BracesInText_StayAndDoubledOnesCountOnce(string text, string value)
    {
        var expression = ReferenceExpression.Create($"[{text}]");

        Assert.Equal($"[{value}]", await expression.GetValueAsync(TestContext.Current.CancellationToken));
        Assert.Equal($"[{value}]", expression.ValueExpression);
    }

    [Fact]
    public async Task Create_Nothing_HasNoValue()
    {
        Assert.Null(await ReferenceExpression.Empty.GetValueAsync(TestContext.Current.CancellationToken));
        Assert.Null(await ReferenceExpression.Create($"").GetValueAsync(TestContext.Current.CancellationToken));
        Assert.True(new ReferenceExpressionBuilder().IsEmpty);
    }

    [Fact]
    public async Task Build_ExpressionInExpression_IsResolvedAsAWhole()
    {
        var server = ReferenceExpression.Create($"Host={"db"}");
        var builder = new ReferenceExpressionBuilder();
        builder.AppendFormatted(server);
        builder.AppendLiteral(";Database=");
        builder.AppendFormatted("a b", "uri");

        var expression = builder.Build();

        Assert.Equal("Host=db;Database=a%20b", await expression.GetValueAsync(TestContext.Current.CancellationToken));
        Assert.Equal("Host=db;Database=a%20b", expression.ValueExpression);
    }

    [Fact]
    public async Task GetValueAsync_UnknownFormat_IsRefused()
    {
        var value = Model.Create().AddParameter("value", "x");
        var expression = ReferenceExpression.Create($"{value:base64}");

        var exception = await Assert.ThrowsAsync<FormatException>(() => expression.GetValueAsync(TestContext.Current.CancellationToken).AsTask());
        Assert.Contains("'base64' is not supported", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetTlsValue_TlsTurnedOnLater_FollowsIt()
    {
        var cache = Model.Create().AddRedis("cache").Allocated("tcp", 6380);
        var expression = cache.Resource.PrimaryEndpoint.GetTlsValue(ReferenceExpression.Create($",ssl=true"), ReferenceExpression.Empty);

        Assert.Null(await expression.GetValueAsync(TestContext.Current.CancellationToken));
        cache.WithEndpoint("tcp", e => e.TlsEnabled = true);
        Assert.Equal(",ssl=true", await expression.GetValueAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void CreateConditional_RedisConnectionString_HasTheNameOfRealAspire()
    {
        var cache = Model.Create().AddRedis("cache");

        var expression = cache.Resource.PrimaryEndpoint.GetTlsValue(ReferenceExpression.Create($",ssl=true"), ReferenceExpression.Empty);

        Assert.True(expression.IsConditional);
        Assert.Equal("{cond-cache-bindings-tcp-tlsenabled-3eddb73a.connectionString}", expression.ValueExpression);
    }

    [Theory]
    [InlineData("TRUE", "yes")]
    [InlineData("False", "no")]
    public async Task CreateConditional_Condition_IsComparedRegardlessOfCase(string condition, string value)
    {
        var parameter = Model.Create().AddParameter("condition", condition).Resource;

        var expression = ReferenceExpression.CreateConditional(
            parameter, bool.TrueString, ReferenceExpression.Create($"yes"), ReferenceExpression.Create($"no"));

        Assert.Equal(value, await expression.GetValueAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void CreateConditional_ConditionOfAnEndpoint_RefersToTheEndpoint()
    {
        var endpoint = Model.Create().AddExecutable("program", "true", ".").WithHttpEndpoint().GetEndpoint("http");

        var expression = endpoint.GetTlsValue(ReferenceExpression.Create($"tls"), ReferenceExpression.Empty);

        Assert.Contains(endpoint, ((IValueWithReferences)expression).References);
    }
}
