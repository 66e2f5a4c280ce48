using HighAvail.Hosting.Resources.Postgres;

namespace HighAvail.Tests.Hosting.Resources.Postgres;

public class PostgresSqlTests
{
    [Fact]
    public void Identifier_WithQuotes_DoublesThem() => Assert.Equal("\"a\"\"b'c\"", PostgresSql.Identifier("a\"b'c"));

    [Fact]
    public void Literal_WithQuotes_DoublesThem() => Assert.Equal("'a\"b''c'", PostgresSql.Literal("a\"b'c"));

    [Fact]
    public void Identifier_WithNewLine_Throws() => Assert.Throws<ArgumentException>(() => PostgresSql.Identifier("a\nDROP DATABASE b"));
}
