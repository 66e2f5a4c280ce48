using System.Text;
using HighAvail.Dashboard.Telemetry;

namespace HighAvail.Tests.Dashboard.Telemetry;

public sealed class TextPoolTests
{
    [Fact]
    public void Get_SameName_IsTheSameString()
    {
        var pool = new TextPool();

        Assert.Same(pool.Get("GET /orders"u8), pool.Get("GET /orders"u8));
        Assert.Equal("Ä", pool.Get("Ä"u8));
        Assert.Equal(string.Empty, pool.Get([]));
        Assert.Equal(new string('x', 5_000), pool.Get(Encoding.UTF8.GetBytes(new string('x', 5_000))));
    }

    [Fact]
    public void Get_EndlessNames_AreForgottenAndStillRight()
    {
        var pool = new TextPool();
        var first = pool.Get("first"u8);

        for (var i = 0; i < 50_000; i++)
        {
            Assert.Equal($"name {i}", pool.Get(Encoding.UTF8.GetBytes($"name {i}")));
        }

        Assert.Equal(first, pool.Get("first"u8));
        Assert.NotSame(first, pool.Get("first"u8));
    }
}
