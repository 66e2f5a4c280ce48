using System.Text;
using HighAvail.Hosting.Orchestration;

namespace HighAvail.Tests.Hosting.Orchestration;

public class LineSplitterTests
{
    [Theory]
    [InlineData("a\nb\n", "a|b")]
    [InlineData("a\r\nb", "a|b")]
    [InlineData("\n\na", "||a")]
    [InlineData("", "")]
    [InlineData("zażółć 🦊\n", "zażółć 🦊")]
    public void Write_AnyChunkSize_DeliversTheSameLines(string text, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var size = 1; size <= bytes.Length; size++)
        {
            var lines = new List<string>();
            var splitter = new LineSplitter(lines.Add);
            foreach (var chunk in bytes.Chunk(size))
            {
                splitter.Write(chunk);
            }

            splitter.Complete();
            Assert.Equal(expected, string.Join('|', lines));
        }
    }

    [Fact]
    public void Write_TooLongLine_IsDeliveredInPieces()
    {
        var lines = new List<string>();
        var splitter = new LineSplitter(lines.Add);
        var text = new string('x', LineSplitter.MaxLineLength - 1) + "🦊" + new string('y', LineSplitter.MaxLineLength);

        splitter.Write(Encoding.UTF8.GetBytes(text + "\nend\n"));

        Assert.Equal([new('x', LineSplitter.MaxLineLength - 1), "🦊" + new string('y', LineSplitter.MaxLineLength - 2), "yy", "end"], lines);
    }

    [Fact]
    public void Write_LineOfExactlyTheLimit_IsOneLine()
    {
        var lines = new List<string>();
        var splitter = new LineSplitter(lines.Add);

        splitter.Write(Encoding.UTF8.GetBytes(new string('x', LineSplitter.MaxLineLength) + "\n"));
        splitter.Complete();

        Assert.Equal(LineSplitter.MaxLineLength, Assert.Single(lines).Length);
    }
}
